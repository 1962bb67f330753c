"""Where territories hang: a move is previewed before it is done, and what retires leaves to an heir."""

from __future__ import annotations

import streamlit as st

from core import organisation, people
from core.access import Permission, Viewer
from pages._ui import errors, filters, forms, guard, page
from pages._ui import format as fmt
from pages.admin._parts import records
from pages.admin._parts.territory_places import TOP, Tree, parent, places, subtree


def move(one: people.TerritoryNode, tree: Tree, viewer: Viewer) -> None:
    """Where the territory hangs: choose another place, see what changes, then move it."""
    offered = places(tree, but=subtree(one, tree))
    values = [place.value for place in offered]
    labels = filters.distinct(offered)
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
    to = parent(chosen)
    _preview(organisation.preview_territory_move(one.id, to, by=viewer))
    if st.button("Move here", icon=":material/moving:", type="primary"):
        with errors.told() as outcome:
            people.move_territory(one.id, to, version=one.version, by=viewer)
        if outcome.ok:
            errors.flash(f"{fmt.plain(one.name)} is moved")
            st.rerun()


def _preview(found: organisation.TerritoryMove) -> None:
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
            heirs = [place for place in places(tree, but=subtree(one, tree)) if place.value != TOP]
            form.choice("heir_id", "These go to", heirs, required="Choose who takes them over.")
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
