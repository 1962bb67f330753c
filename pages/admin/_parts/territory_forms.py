"""Making, changing and moving territories; a move is previewed before it is done."""

from __future__ import annotations

import streamlit as st

from core import organisation, people
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import errors, filters, forms, guard, page
from pages._ui import format as fmt
from pages.admin._parts import records

TOP = "top"
Tree = tuple[people.TerritoryNode, ...]


def below(one: people.TerritoryNode, tree: Tree) -> int:
    """How many territories the subtree has, itself included."""
    return len(_subtree(one, tree))


def _subtree(one: people.TerritoryNode, tree: Tree) -> set[int]:
    found = {one.id}
    for other in tree:  # depth first: parents come before their children
        if other.parent_id in found:
            found.add(other.id)
    return found


def _places(tree: Tree, *, but: set[int] | None = None) -> list[filters.Option]:
    return [filters.Option(TOP, "The top of the tree")] + [
        filters.Option(str(one.id), f"{one.path} ({one.code})")
        for one in tree
        if one.is_active and one.id not in (but or set())
    ]


def _bosses(viewer: Viewer) -> list[filters.Option]:
    return [filters.Option(str(one.user_id), one.name) for one in people.managers(by=viewer)]


def _fields(form: forms.Form, viewer: Viewer) -> None:
    form.text("name", "Name", required=True, max_chars=100)
    form.text("code", "Code", required=True, max_chars=20)
    form.choice("manager_id", "Manager", _bosses(viewer), help="Sees everything in it and below it.")
    form.area("description", "Description", max_chars=500)


def _typed(form: forms.Form) -> dict[str, object]:
    manager = form.values["manager_id"]
    given = {name: form.values[name] for name in ("name", "code", "description")}
    return {**given, "manager_id": int(manager) if manager else None}


@st.dialog("New territory")
def new_territory() -> None:
    """The form of a new territory."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    form = forms.Form("new_territory", initial={"parent_id": TOP})
    with form.body():
        form.choice("parent_id", "Belongs to", _places(people.territory_tree(by=viewer)), required=True)
        _fields(form, viewer)
        sent = form.submit("Create territory")
    if sent:
        records.save(form, lambda: _create(form, viewer), "The territory is made")


def _create(form: forms.Form, viewer: Viewer) -> None:
    values = {**_typed(form), "parent_id": _parent(form.values["parent_id"])}
    people.create_territory(values, request_id=form.request_id, by=viewer)


def _parent(chosen: str | None) -> int | None:
    if chosen is None:
        raise Invalid({"parent_id": "Choose where it belongs."})
    return None if chosen == TOP else int(chosen)


def edit(one: people.TerritoryNode, viewer: Viewer) -> None:
    """The form of a territory's own fields."""
    start = {
        "name": one.name,
        "code": one.code,
        "description": one.description or "",
        "manager_id": str(one.manager_id or ""),
        "version": one.version,
    }
    form = forms.Form(f"territory_{one.id}", initial=start)
    with form.body():
        _fields(form, viewer)
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(
            form,
            lambda: people.edit_territory(one.id, _typed(form), version=form.start("version"), by=viewer),
            f"{form.values['name']} is saved",
        )
    records.offer_current(form)


def move(one: people.TerritoryNode, tree: Tree, viewer: Viewer) -> None:
    """Where the territory hangs: choose another place, see what changes, then move it."""
    places = _places(tree, but=_subtree(one, tree))
    values = [place.value for place in places]
    labels = filters.distinct(places)
    here = TOP if one.parent_id is None else str(one.parent_id)
    chosen = st.selectbox(
        "Belongs to",
        values,
        index=values.index(here) if here in values else None,
        format_func=lambda value: labels.get(value, value),
        key=f"move_territory_{one.id}_{one.version}",
        placeholder="Choose",
    )
    if chosen is None or chosen == here:
        st.caption("Choose another place to see what would change.")
        return
    to = _parent(chosen)
    preview(organisation.preview_territory_move(one.id, to, by=viewer))
    if st.button("Move here", icon=":material/moving:", type="primary"):
        with errors.told() as outcome:
            people.move_territory(one.id, to, version=one.version, by=viewer)
        if outcome.ok:
            errors.flash(f"{one.name} is moved")
            st.rerun()


def preview(found: organisation.TerritoryMove) -> None:
    """What the move would change."""
    page.facts(
        {
            "Territories that move": fmt.number(found.territories),
            "Agents": fmt.number(found.agents),
            "Open leads": fmt.number(found.open_leads),
            "Open opportunities": fmt.number(found.open_opportunities),
            "Customers": fmt.number(found.customers),
        }
    )
    for names, told in ((found.gaining, "will see all of it"), (found.losing, "will see it no more")):
        if names:
            st.markdown(f"**{fmt.plain(', '.join(names))}** {told}.")
    st.caption("Every record keeps its territory; it adds up under the new place from now on.")


@st.dialog("Retire a territory")
def retire(territory_id: int) -> None:
    """Asks once more, and who takes over what is left in it."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    tree = people.territory_tree(by=viewer)
    one = next(node for node in tree if node.id == territory_id)
    left = organisation.leftovers_of(territory_id, by=viewer)
    form = forms.Form(f"retire_territory_{territory_id}", initial={"version": one.version})
    st.markdown(f"**{fmt.plain(one.name)}** is offered no more. What happened in it stays.")
    with form.body():
        if left:
            st.markdown("\n".join(f"- {fmt.plain(str(each))}" for each in left))
            heirs = [place for place in _places(tree, but=_subtree(one, tree)) if place.value != TOP]
            form.choice("heir_id", "These go to", heirs, required=True)
        sent = form.submit("Retire territory", icon=":material/archive:")
    if sent:
        heir = form.values.get("heir_id")
        records.save(
            form,
            lambda: organisation.retire_territory(
                territory_id, heir_id=int(heir) if heir else None, version=form.start("version"), by=viewer
            ),
            f"{one.name} is retired",
        )
