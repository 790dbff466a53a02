"""YAML as people write it, read by libyaml: the line of everything, and the rules of YAML 1.2.

By those `no` is a word and 12:30 an hour, where YAML 1.1 reads False and 750.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Location = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?\d+")
_BROKEN = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?")
_ALIASES = 1_000
"""Times that something written once may be meant again: few files do it, and many grow without end."""


class YamlError(ValueError):
    """A text is not YAML.

    Attributes:
        problem: what is wrong with it.
        line: where, from 1.
    """

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(f"line {line}: {problem}")
        self.problem = problem
        self.line = line


class Document:
    """One text, read.

    Args:
        text: the YAML.

    Attributes:
        content: mappings by text, lists, text, numbers, booleans and None.

    Raises:
        YamlError: it is not YAML, or a name is written twice in one mapping.
    """

    def __init__(self, text: str) -> None:
        try:
            self._root: Node | None = yaml.compose(text, Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "a character that is not text"
            raise YamlError(problem, mark.line + 1 if mark else 1) from None
        self._aliases = 0
        self._known: set[int] = set()
        self.content: Any = None if self._root is None else self._plain(self._root)

    def line(self, location: Location) -> int:
        """Return the line, from 1, of the deepest part of `location` that is written down."""
        node, line = self._root, 0
        for key in location:
            found = _child(node, key)
            if found is None:
                break
            mark, node = found
            line = mark.start_mark.line
        return line + 1

    def _plain(self, node: Node) -> Any:
        if id(node) in self._known:
            self._aliases += 1
            if self._aliases > _ALIASES:
                raise YamlError("too many aliases", node.start_mark.line + 1)
        self._known.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node)
        if isinstance(node, SequenceNode):
            return [self._plain(each) for each in node.value]
        return _scalar(node)

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for name, value in node.value:
            line = name.start_mark.line + 1
            if not isinstance(name, ScalarNode):
                raise YamlError("a name is a single word or text", line)
            if name.value in content:
                raise YamlError(f"{name.value!r} is written twice", line)
            content[name.value] = self._plain(value)
        return content


def load(path: Path) -> Any:
    """Return what a file holds.

    Raises:
        YamlError: it is not YAML.
        OSError: it cannot be read.
    """
    return Document(path.read_text(encoding="utf-8")).content


def _scalar(node: Node) -> Any:
    text: str = node.value
    if isinstance(node, ScalarNode) and node.style:  # quoted or in a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _BROKEN.fullmatch(text) else text


def _child(node: Node | None, key: str | int) -> tuple[Node, Node] | None:
    """Return the node that names a child of `node`, and the child."""
    if isinstance(node, MappingNode):
        return next(((name, value) for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None
