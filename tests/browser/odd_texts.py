"""The strings of the robustness set as a form would keep them, and some that mean much in Markdown."""

from __future__ import annotations

from core.kit.fields import plain_text
from tests.customers.test_robustness import strings

LOUD = (
    "**bold** _it_ [link](javascript:alert(1)) $x$ :red[a] :material/home: <b>b</b> ~s~ # h",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    ":smile: :+1: :streamlit: :material/home: :material_home:",
    "www.example.com http://example.com HTTPS://example.com/a?b=c",
    "![x](http://example.com/x.png) <img src=x onerror=alert(1)>",
    "foo\n===",
    "foo\n---",
    "a\n\n    code",
    "1. one",
    "- [ ] task",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[^1] [^1]: note",
    "&lt;b&gt; &amp;",
    ":::note",
    "`code` ```more```",
    "$$x^2$$",
)
TEXTS = tuple(
    found for found in dict.fromkeys(plain_text(one, lines=True) for one in (*LOUD, *strings())) if found
)
