"""What is known of a file, shown to people: in the terminal, and as one page.

text       the source as Python's parser sees it
beside     what is shown at each line
flow       the flow of shapes through each function
terminal   the source in the terminal, with its shapes beside it
html       the source as a page, with its flows drawn
command    `typed-resnet hints`
"""

from typed_resnet.pages.command import main as main
from typed_resnet.pages.html import page as page
from typed_resnet.pages.terminal import show as show

__all__ = ["main", "page", "show"]
