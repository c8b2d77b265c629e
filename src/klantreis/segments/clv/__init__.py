"""What a customer will buy and is worth: learned from histories, checked on a later period."""

from __future__ import annotations

from klantreis.segments.clv.bg_nbd import BetaGeoNBD
from klantreis.segments.clv.gamma_gamma import GammaGamma
from klantreis.segments.clv.histories import Histories
from klantreis.segments.clv.mbg_nbd import ModifiedBetaGeoNBD
from klantreis.segments.clv.pareto_nbd import ParetoNBD
from klantreis.segments.clv.purchase_model import PurchaseModel

__all__ = [
    "BetaGeoNBD",
    "GammaGamma",
    "Histories",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "PurchaseModel",
]
