"""How the card of one persona is found."""

from __future__ import annotations

from dataclasses import asdict

from klantreis import registry
from klantreis.web import persona_figures as figures
from klantreis.web.named import Named, group_name, topic_names
from klantreis.web.pages.persona.context import (
    Change,
    Field,
    Part,
    Persona,
    PersonaQuery,
    PhaseQuestions,
)
from klantreis.web.phases import usual_model
from klantreis.workspace import FACES, PersonaCard, Share, Workspace

__all__ = ["persona"]


def persona(workspace: Workspace, query: PersonaQuery) -> Persona:
    """Answer the page of one persona.

    Raises:
        NotFoundError: there is no such persona.
    """
    published = workspace.published
    assert published is not None
    model = usual_model(registry.names("phase_models"))
    card = workspace.personas.card(query.persona_id, phase_model=model)
    topics = topic_names(workspace)
    return Persona(
        as_of=published.as_of,
        persona_id=card.persona_id,
        faces=tuple(range(FACES)),
        face=card.face,
        face_by=card.face_by,
        fields=tuple(
            Field(language=language, **asdict(own))
            for language, fields in card.fields.items()
            for own in fields
        ),
        groups=tuple(group_name(code, topics) for code in card.target_groups),
        needs=tuple(group_name(code, topics) for code in card.needs),
        size=figures.size(card),
        size_share=card.size_share,
        revenue_share=card.revenue_share,
        members=card.members,
        members_told=card.members_told,
        revenue=figures.revenue(card),
        orders=figures.orders(card),
        nps=figures.nps(card),
        returned=figures.returned(card),
        channels=tuple(_channel(share) for share in card.channels),
        purchase_channels=tuple(_channel(share) for share in card.purchase_channels),
        phase_model=model,
        phases=_phases(card, model, topics),
        changes=tuple(
            Change(**{name: getattr(edit, name) for name in Change.__dataclass_fields__})
            for edit in workspace.personas.history(card.persona_id)
        ),
        stability=card.stability,
        is_stable=card.stability >= figures.STABLE_FROM,
    )


def _channel(share: Share) -> Part:
    return Part(Named(share.code, "", ""), figures.part(share, "customers"))


def _phases(card: PersonaCard, model: str, topics: dict[str, Named]) -> tuple[PhaseQuestions, ...]:
    order = registry.load_all("phase_models")[model].phase_ids if model else ()
    return tuple(
        PhaseQuestions(
            phase,
            tuple(
                Part(
                    group_name(share.code, topics),
                    figures.part(share, "customers", card.questions_kind),
                )
                for share in card.questions[phase]
            ),
        )
        for phase in order
        if phase in card.questions
    )
