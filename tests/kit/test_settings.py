import pytest

from core.kit.errors import Refusal
from core.kit.settings import ROOT, Settings, documented, settings


@pytest.fixture(autouse=True)
def _fresh_settings(monkeypatch):
    monkeypatch.delenv("POLICYDESK_DATA_DIR", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_demo_mode_is_on_exactly_when_no_database_is_named():
    assert Settings().is_demo
    assert not Settings(database_url="postgresql://db/app").is_demo


@pytest.mark.parametrize("chosen", [True, False])
def test_demo_mode_can_be_chosen_whatever_the_database(chosen):
    assert Settings(database_url="postgresql://db/app", demo=chosen).is_demo is chosen
    assert Settings(demo=chosen).is_demo is chosen


@pytest.mark.parametrize("name", ["DATABASE_URL", "POLICYDESK_DATABASE_URL"])
def test_the_database_is_named_by_either_variable(monkeypatch, name):
    monkeypatch.setenv(name, "postgresql://db/app")
    assert Settings().database_url == "postgresql://db/app"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg", "postgresql"])
def test_every_usual_scheme_of_an_address_is_understood(scheme):
    assert Settings(database_url=f"{scheme}://u:p@db/app").database_url == "postgresql://u:p@db/app"


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_relative_directories_start_at_the_checkout(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings(data_dir="mine").data_dir == ROOT / "mine"


def test_the_warehouse_and_the_files_follow_the_data_directory(tmp_path):
    chosen = Settings(data_dir=tmp_path)
    assert chosen.warehouse_dir == tmp_path / "warehouse"
    assert chosen.storage_dir == tmp_path / "files"


def test_host_names_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("POLICYDESK_ALLOWED_HOSTS", "crm.example.com, www.example.com")
    assert Settings().allowed_hosts == ("crm.example.com", "www.example.com")


def test_a_wrong_setting_is_refused_by_the_name_of_its_variable(monkeypatch):
    monkeypatch.setenv("POLICYDESK_PORT", "http")
    monkeypatch.setenv("POLICYDESK_TIME_ZONE", "Eastern")
    with pytest.raises(Refusal, match=r"POLICYDESK_PORT: .*POLICYDESK_TIME_ZONE: .*time zone"):
        settings()


def test_every_setting_is_in_the_example_file_with_its_default():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for variable, default, description in documented():
        assert f"# {description}\n# {variable}={default}\n" in example


def test_requirements_name_no_registry():
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
