"""What customers want to know, need and feel."""

from __future__ import annotations

from klantreis.research.asking import emotion_by, needs_by, recoveries, searched_about
from klantreis.research.course import feeling_course
from klantreis.research.emotions import emotions
from klantreis.research.questions import questions
from klantreis.research.searches import searches
from klantreis.research.topics import MOMENTS, Topic, checked_topic, shipped_topics, topic_list

__all__ = [
    "MOMENTS",
    "Topic",
    "checked_topic",
    "emotion_by",
    "emotions",
    "feeling_course",
    "needs_by",
    "questions",
    "recoveries",
    "searched_about",
    "searches",
    "shipped_topics",
    "topic_list",
]
