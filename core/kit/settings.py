"""Every setting of the system, from the environment or from .env at the top of the checkout.

Another file than .env is read when POLICYDESK_ENV_FILE names one.

A field's description is its documentation: README's table and .env.example are checked against it.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.kit.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "POLICYDESK_"
FEWEST_DEMO_CUSTOMERS, MOST_DEMO_CUSTOMERS = 100, 5_000_000

Hosts = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """What an installation can choose. Names in the environment are POLICYDESK_ and the field."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=os.environ.get("POLICYDESK_ENV_FILE") or ROOT / ".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "POLICYDESK_DATABASE_URL"),
        description="The PostgreSQL database to use (14 or later); without it `./run` starts its own.",
    )
    data_dir: Path = Field(
        default=Path(".data"),
        description="Where everything that is not in the database is kept.",
    )
    warehouse_dir: Path = Field(
        default_factory=lambda data: data["data_dir"] / "warehouse",
        description="Where the analytic DuckDB files are published.",
        json_schema_extra={"default": "<data_dir>/warehouse"},
    )
    storage_dir: Path = Field(
        default_factory=lambda data: data["data_dir"] / "files",
        description="Where uploaded documents and import files are kept.",
        json_schema_extra={"default": "<data_dir>/files"},
    )
    host: str = Field(default="127.0.0.1", description="The address that the web server listens on.")
    port: int = Field(default=8501, ge=1, le=65535, description="The port that the web server listens on.")
    allowed_hosts: Hosts = Field(
        default=(),
        description="Further host names that browsers may use, separated by commas.",
    )
    secure_cookies: bool = Field(
        default=False, description="Send the session cookie over HTTPS only; on behind TLS."
    )
    demo: bool | None = Field(
        default=None,
        description="Demo data and demo sign-ins; unset means on exactly when there is no DATABASE_URL.",
    )
    demo_customers: int = Field(
        default=10_000,
        ge=FEWEST_DEMO_CUSTOMERS,
        le=MOST_DEMO_CUSTOMERS,
        description="How many customers the demo data has.",
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, description="A session ends after so many minutes without a click."
    )
    session_absolute_hours: int = Field(
        default=12,
        ge=1,
        description="A session ends so many hours after its sign-in, whatever happens.",
    )
    sign_in_attempts_per_account: int = Field(
        default=5, ge=1, description="Failed sign-ins on one account before it has to wait."
    )
    sign_in_attempts_per_address: int = Field(
        default=50,
        ge=1,
        description="Failed sign-ins from one network address before it has to wait.",
    )
    sign_in_window_minutes: int = Field(
        default=15, ge=1, description="Over how many minutes failed sign-ins are counted."
    )
    time_zone: str = Field(
        default="America/New_York",
        description="The zone in which the company's business days begin and end.",
    )
    refresh_every_minutes: int = Field(
        default=60,
        ge=0,
        description="The analytic copy is refreshed so many minutes after the last time; 0 is never.",
    )
    upload_max_mb: int = Field(
        default=200, ge=1, description="The largest file that can be uploaded, in megabytes."
    )
    pool_size: int = Field(
        default=10, ge=1, description="Connections to PostgreSQL kept open; as many again at peaks."
    )
    pool_timeout_seconds: float = Field(
        default=5, ge=0, description="How long a page waits for a connection when all are in use."
    )
    statement_timeout_ms: int = Field(
        default=15_000,
        ge=0,
        description="A statement of a page is cancelled after so long; 0 is never.",
    )
    lock_timeout_ms: int = Field(
        default=5_000, ge=0, description="How long a statement waits for a row that another holds."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severity that is logged."
    )
    log_json: bool = Field(
        default=False, description="Log one JSON object a line instead of text for people."
    )

    @field_validator("database_url")
    @classmethod
    def _plain_scheme(cls, value: str | None) -> str | None:
        """The form that every driver understands, whatever tool the address was copied from."""
        return value and re.sub(r"^(postgres|postgresql(\+\w+)?)://", "postgresql://", value)

    @field_validator("data_dir", "warehouse_dir", "storage_dir")
    @classmethod
    def _from_the_checkout(cls, value: Path) -> Path:
        """Relative paths start at the checkout, wherever the process was started."""
        return ROOT / value.expanduser()

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("it is not the name of a time zone, such as America/New_York")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def is_demo(self) -> bool:
        """Whether demo data and demo sign-ins are on."""
        return self.database_url is None if self.demo is None else self.demo

    def require_database_url(self) -> str:
        """The database to use. Raises Refusal when none was named and `./run` started none."""
        if self.database_url is None:
            raise Refusal(
                "No database was named.",
                remedy="Start with ./run, which brings its own, or set DATABASE_URL.",
            )
        return self.database_url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them again.

    Raises Refusal naming each variable that can't be understood.
    """
    try:
        return Settings()
    except ValidationError as error:
        told = "; ".join(
            f"{variable(str(one['loc'][0]))}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise Refusal(
            f"The settings can't be used: {told}.",
            remedy="Correct them in the environment or in .env; README lists them all.",
        ) from None


def variable(field: str) -> str:
    """The name that a setting has in the environment."""
    return field if field.isupper() else _alias(field) or f"{PREFIX}{field.upper()}"


def _alias(field: str) -> str | None:
    info = Settings.model_fields.get(field)
    if info is not None and isinstance(info.validation_alias, AliasChoices):
        return str(info.validation_alias.choices[0])
    return None


def documented() -> list[tuple[str, str, str]]:
    """(variable, default, description) of every setting, in the order of README's table."""
    return [
        (
            variable(name),
            _default_text(info.default, info.json_schema_extra),
            info.description or "",
        )
        for name, info in Settings.model_fields.items()
    ]


def _default_text(default: object, extra: Any) -> str:
    if isinstance(extra, dict) and "default" in extra:
        return str(extra["default"])
    if default is None or default == ():
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
