from pathlib import Path

from core.access import Permission, Role, Viewer
from pages._ui import menu

ROOT = Path(__file__).parents[2]


def viewer(role):
    return Viewer(user_id=1, username="x", name="X", role=role)


def test_every_page_file_is_in_the_menu():
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pages").glob("*/*.py")
        if not path.parent.name.startswith("_") and not path.name.startswith("_")
    }
    assert files <= {page.file for page in menu.PAGES}


def test_every_page_of_the_menu_has_its_file():
    assert [page.file for page in menu.PAGES if not (ROOT / page.file).exists()] == []


def test_no_page_lies_where_it_would_be_served_without_the_sign_in():
    assert list((ROOT / "pages").glob("*.py")) == []


def test_addresses_and_titles_are_given_once():
    for name in ("slug", "title", "file", "icon"):
        values = [getattr(page, name) for page in menu.PAGES]
        assert len(values) == len(set(values)), name


def test_icons_are_material_symbols():
    assert all(page.icon.startswith(":material/") for page in menu.PAGES)


def test_the_menu_offers_what_the_role_may_open_and_nothing_else():
    for role in Role:
        who = viewer(role)
        assert {page.slug for page in menu.allowed(who)} == {
            page.slug for page in menu.PAGES if who.can(page.permission)
        }


def test_an_agent_has_no_administration():
    assert "Admin" not in {page.section for page in menu.allowed(viewer(Role.AGENT))}


def test_everybody_has_a_home():
    home = menu.row_of(menu.HOME)
    assert home.permission is Permission.HOME_VIEW
    assert all(viewer(role).can(home.permission) for role in Role)
