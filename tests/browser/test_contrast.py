"""Text stands out from what is behind it, in light and dark; the keyboard's place is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kit.dates import utc_now
from tests import factories as make
from tests.browser.conftest import settled

pytestmark = pytest.mark.browser

# WCAG 2.2, 1.4.3: 4.5, and 3 for large text. What is disabled, and icons, are not text.
PALE = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  };
  const over = (top, below) => top.rgb.map((one, at) => one * top.alpha + below[at] * (1 - top.alpha));
  const linear = (one) => (one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const told = walker.currentNode.textContent.trim();
    const isText = !element.closest('[data-testid="stIconMaterial"], [disabled], title');
    if (!told || !isText || !element.getBoundingClientRect().width) continue;
    const style = getComputedStyle(element);
    const behind = [];
    let opacity = 1;
    for (let one = element; one; one = one.parentElement) {
      opacity *= Number(getComputedStyle(one).opacity);
      behind.push(read(getComputedStyle(one).backgroundColor));
    }
    if (opacity < 0.05) continue;
    const ground = behind.reverse().reduce((below, one) => over(one, below), [255, 255, 255]);
    const ink = read(element.closest("svg") ? style.fill : style.color);
    const shades = [light(over({ ...ink, alpha: ink.alpha * opacity }, ground)), light(ground)];
    const ratio = (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(`${told} (${ratio.toFixed(2)})`);
  }
  return found;
}"""


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_text_is_read_against_its_ground_and_the_keyboards_place_is_seen(app, page_of, shade):
    ann = app.company.ann_in_east
    lead = make.lead(ann, status="contacted")
    make.followup(ann, lead_id=lead.id, scheduled_at=utc_now() - timedelta(hours=2))
    page = page_of(ann, color_scheme=shade)
    page.get_by_text("Overdue follow-ups").wait_for()
    settled(page)
    assert page.evaluate(PALE) == []
    link = page.locator(".stPageLink a").first
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement.closest('.stPageLink')).outlineStyle"
    assert page.evaluate(ring) == "solid"
    page.goto(f"{app.url}/pipeline?lead={lead.lead_code}")
    page.get_by_role("dialog").get_by_text(lead.lead_code).first.wait_for()
    settled(page)
    assert page.get_by_role("dialog").evaluate(PALE) == []
