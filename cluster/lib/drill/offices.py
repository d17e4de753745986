"""The three offices that the drills run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    code: str
    title: str
    zone: str
    languages: tuple
    agent_name: str
    lead_name: str

    @property
    def node(self):
        return f"{self.code}-1"

    @property
    def agent_email(self):
        return f"agent@{self.code}.example"

    @property
    def lead_email(self):
        return f"lead@{self.code}.example"


PARIS = Office("paris", "Paris", "Europe/Paris", ("fr", "en"), "Inès Delmas", "Hugo Marchetti")
SAN_FRANCISCO = Office(
    "san-francisco", "San Francisco", "America/Los_Angeles", ("en",), "Maya Holloway",
    "Curtis Beaumont")
SINGAPORE = Office(
    "singapore", "Singapore", "Asia/Singapore", ("en", "zh"), "黄诗婷", "Farid Rahman")

THREE = (PARIS, SAN_FRANCISCO, SINGAPORE)
BY_CODE = {office.code: office for office in THREE}
