// Klantreis in a web page:
//   <script src="https://collect.example/klantreis.js" data-key="..." data-consent="required" defer></script>
// It keeps nothing and sends nothing until consent is given (klantreis.consent(true)), unless
// data-consent="given" says that the page has asked already; and never under Do Not Track or
// Global Privacy Control.
(function () {
  "use strict";
  var script = document.currentScript;
  var key = script.dataset.key;
  var host = script.dataset.host || new URL(script.src).origin;
  var COOKIE = "klantreis_id", CONSENT = "klantreis_consent", USER = "klantreis_user";
  var isRefused = navigator.doNotTrack === "1" || navigator.globalPrivacyControl === true;
  var waiting = [];

  function kept(name) {
    try { return localStorage.getItem(name); } catch (e) { return null; }
  }
  function keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
    } catch (e) { /* a browser that keeps nothing */ }
  }
  function mayTrack() {
    return !isRefused && (script.dataset.consent === "given" || kept(CONSENT) === "yes");
  }
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }
  function anonymousId() {
    var id = kept(COOKIE);
    if (!id) { id = newId(); keep(COOKIE, id); }
    return id;
  }
  function campaign() {
    var found = {}, query = new URLSearchParams(location.search);
    ["source", "medium", "term", "content"].forEach(function (name) {
      if (query.get("utm_" + name)) found[name] = query.get("utm_" + name);
    });
    if (query.get("utm_campaign")) found.name = query.get("utm_campaign");
    return found;
  }
  function mailing() {  // whose mailing brought this visit; nothing else of the address is kept
    var query = new URLSearchParams(location.search), told = new URLSearchParams();
    ["mc_eid", "klaviyo_id", "_cio_id", script.dataset.subscriber].forEach(function (name) {
      if (name && query.get(name)) told.set(name, query.get(name));
    });
    return told.toString() ? { search: "?" + told } : {};
  }
  function send(type, fields) {
    if (!mayTrack()) return;
    var call = Object.assign({
      type: type, messageId: newId(), anonymousId: anonymousId(), timestamp: new Date().toISOString(),
      context: {
        library: { name: "klantreis.js", version: "1" }, locale: navigator.language,
        page: Object.assign(
          { path: location.pathname, title: document.title, referrer: document.referrer }, mailing()),
        campaign: campaign()
      }
    }, fields);
    if (kept(USER)) call.userId = call.userId || kept(USER);
    waiting.push(call);
    if (waiting.length >= 20) flush(false);
  }
  function flush(isLeaving) {
    if (!waiting.length) return;
    var calls = waiting.splice(0, 100);
    var body = JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: calls });
    // A plain-text body needs no question beforehand; keepalive carries it past the page's end.
    fetch(host + "/v1/batch", {
      method: "POST", body: body, keepalive: body.length < 60000, credentials: "omit",
      headers: { "content-type": "text/plain" }
    }).then(function (answer) {
      if (answer.status >= 500) throw new Error("later");
    }).catch(function () {
      if (!isLeaving && waiting.length < 1000) waiting = calls.concat(waiting);
    });
  }
  setInterval(flush, 3000);
  addEventListener("pagehide", function () { flush(true); });

  window.klantreis = {
    consent: function (isGiven) {
      keep(CONSENT, isGiven ? "yes" : "no");
      if (!isGiven) { waiting = []; keep(COOKIE, null); keep(USER, null); }
    },
    identify: function (userId, traits) {
      if (!mayTrack()) return;
      keep(USER, String(userId));
      send("identify", { userId: String(userId), traits: traits || {} });
    },
    track: function (event, properties) { send("track", { event: event, properties: properties || {} }); },
    page: function (name, properties) { send("page", { name: name || document.title, properties: properties || {} }); },
    reset: function () { keep(USER, null); keep(COOKIE, null); },
    flush: function () { flush(false); }
  };
  if (script.dataset.page !== "manual") window.klantreis.page();
})();
