#!/bin/sh
# Installs what the tests drive: Chromium (the pages), Pango (PDF files), Java (Spark), PostgreSQL
# (the state) and MariaDB (a source). Debian and Ubuntu; on other systems install them by hand. What
# is there already is left alone. Where there is Node.js also Segment's library for it, in .tools/ (the
# collection API).
set -eu
here="$(cd "$(dirname "$0")/.." && pwd)"
if command -v npm >/dev/null 2>&1 && [ ! -d "$here/.tools/node_modules/@segment/analytics-node" ]; then
  npm install --silent --no-save --no-package-lock --no-fund --no-audit --prefix "$here/.tools" \
    @segment/analytics-node@3.1.0 || echo "Segment's library for Node.js was not installed; its test is skipped." >&2
fi
wanted=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || wanted="$wanted chromium"
command -v java >/dev/null 2>&1 || wanted="$wanted default-jre-headless"
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || wanted="$wanted libpango-1.0-0 libpangoft2-1.0-0"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
command -v mariadbd >/dev/null 2>&1 || [ -x /usr/sbin/mariadbd ] || wanted="$wanted mariadb-server"
[ -n "$wanted" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "Not found:$wanted. Install them; without them the tests that need them are skipped." >&2
  exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "Not found:$wanted, and no sudo to install them." >&2; exit 0; }
  as_root="sudo"
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $wanted
