"""What the learners share with those of scikit-learn: settings by name, and learned or not."""

from __future__ import annotations

from inspect import signature
from typing import Any, Self

from klantreis.errors import InputError, message

__all__ = ["Learner"]


class Learner:
    """A constructor that stores its arguments, and `fit` that learns attributes ending in `_`.

    So `sklearn.base.clone` and its searches over settings take a learner as one of their own.

    >>> from klantreis.segments.clv import BetaGeoNBD
    >>> BetaGeoNBD(max_steps=50)
    BetaGeoNBD(max_steps=50)
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The settings that the constructor was given.

        Args:
            deep: of no account: no setting is itself a learner.
        """
        return {name: getattr(self, name) for name in signature(type(self)).parameters}

    def set_params(self, **settings: Any) -> Self:
        """Change settings; what was learned stays until the next `fit`.

        Raises:
            InputError: there is no such setting.
        """
        for name, value in settings.items():
            if name not in self.get_params():
                raise InputError(
                    message(
                        "No such setting",
                        where=type(self).__name__,
                        got=name,
                        allowed=", ".join(self.get_params()),
                    )
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({settings})"

    def _require(self, learned: str) -> None:
        """Refuse a question before there is an answer.

        Args:
            learned: attribute that the answer rests on; `of` gives `parameters_`, only `fit` errors.
        """
        if not hasattr(self, learned):
            knows = hasattr(self, "parameters_")
            raise InputError(
                message(
                    "This cannot be asked yet",
                    where=type(self).__name__,
                    got="parameters without errors, from `of`"
                    if knows
                    else "a model that has not learned",
                    allowed="a model that learned from data",
                    next_step="call `fit` first"
                    if knows
                    else "call `fit` first, or take known parameters with `of`",
                )
            )
