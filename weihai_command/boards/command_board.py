"""The keyboard line's other half: the names it may mean, what a line would do, doing it by the acts of the buttons, and what was typed before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.command_line import PROMOTED, Command, Completion, Incomplete, Reading, World, complete, parse
from weihai_command.domain.commands import NOTES
from weihai_command.domain.faults import Refused
from weihai_command.domain.incident import EMERGENCY, MUNICIPAL
from weihai_command.domain.names import Name, Names

from .act_board import ActBoard
from .bridge import Bridge
from .clock import Clock
from .command_names import IncidentNames, all_names, incident_name
from .detail_board import DetailBoard
from .incident_board import IncidentBoard
from .unit_board import UnitBoard
from .words import masked

MOST_LINES = 100
#: What stands for the incident while it is being kept.
SAVING = Name("", "正在接报的事件", tag=EMERGENCY)


class CommandBoard(QObject):
    """`read` when new names are there; `wished(wish, values)` for what the window does itself; `remembered(lines)` when the history grew; `refused(Fault)`."""

    read = Signal()
    wished = Signal(str, dict)
    remembered = Signal(list)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, clock: Clock, incidents: IncidentBoard, units: UnitBoard, detail: DetailBoard, acts: ActBoard) -> None:
        super().__init__()
        self._bridge, self._clock, self._acts = bridge, clock, acts
        self._incidents, self._units, self._detail = incidents, units, detail
        self._names: dict[str, Names] = {}
        self._named = IncidentNames()
        self._unit_id = ""
        self._fresh: dict[str, Name] = {}
        self._saving = 0
        self._held: list[str] = []
        self._early: list[str] = []
        self._is_open = False
        self.history: list[str] = []
        incidents.counted.connect(self._on_changed)
        units.modelReset.connect(self._on_changed)
        acts.done.connect(self._on_done)
        acts.refused.connect(self._on_refused)

    def open(self) -> None:
        """The line is on the screen: keep the names fresh until it is closed."""
        self._is_open = True
        self._read()

    def close(self) -> None:
        self._is_open = False

    def choose_unit(self, unit_id: str) -> None:
        """The unit that is selected on the board."""
        self._unit_id = unit_id

    @property
    def is_ready(self) -> bool:
        return bool(self._names)

    def world(self) -> World:
        chosen = {"incident": SAVING if self._saving else self._open_incident(), "unit": self._units_named().code(self._unit_id)}
        return World(self._names, {kind: name for kind, name in chosen.items() if name is not None})

    def reading(self, line: str) -> Reading:
        return parse(line, self.world())

    def offers(self, line: str) -> list[Completion]:
        """What the list shows under `line`: what its last word may become, else what has to follow."""
        world = self.world()
        found = parse(line, world)
        wanted = list(found.completions) if isinstance(found, Incomplete) else []
        if wanted and wanted[0].start < len(line):
            return wanted
        last = [each for each in complete(line, world) if each.applied(line).rstrip() != line.rstrip()]
        return last or wanted

    def submit(self, line: str) -> Reading:
        """Run `line` if it is clear, and say what it was; while an incident is being kept, it waits for it."""
        found = self.reading(line)
        if not isinstance(found, Command):
            return found
        self._remember(line)
        if self._saving and not found.row.wish:
            self._held.append(line)
        else:
            self._run(found)
        return found

    def submit_early(self, line: str) -> None:
        """As `submit`, before there are names: the line is run when they come, and what is not clear then is refused and found among the lines before."""
        self._early.append(line)

    def load_history(self, lines: object) -> None:
        """What was kept of an officer's lines; whatever is no list of text is none."""
        self.history = [line for line in lines if isinstance(line, str)][-MOST_LINES:] if isinstance(lines, list) else []

    def _open_incident(self) -> Name | None:
        open_id, detail = self._detail.incident_id, self._detail.detail
        if not open_id:
            return None
        if detail is not None and detail.row.id == open_id:
            name = incident_name(detail.row)
            return Name(name.code, name.word, name.note, tag=PROMOTED) if detail.incident.get("frozen") and name.tag == EMERGENCY else name
        found = self._names["incident"].code(open_id) if self._names else None
        return found or self._fresh.get(open_id)

    def _units_named(self) -> Names:
        return self._names.get("unit", Names())

    def _run(self, command: Command) -> None:
        row, values = command.row, dict(command.values)
        if row.wish == "go":
            self.wished.emit("go", self._place(values["where"]))
        elif row.wish:
            self.wished.emit(row.wish, values)
        elif row.act == "report":
            self._report(values)
        else:
            self._act(row.act, values)

    def _report(self, values: dict[str, Any]) -> None:
        if not values:
            self.wished.emit("start_report", {})
            return
        self._saving += 1
        self._acts.report(values)

    def _act(self, act: str, values: dict[str, Any]) -> None:
        incident = str(values.pop("incident", ""))
        if act == "status":
            self._acts.set_unit_state(values["unit"], values["state"], values.get("reason"))
        elif act == "ack":
            self._acts.set_unit_state(values["unit"], "dispatched")
        elif act == "roll_call":
            self._acts.roll_call(values["unit"], values["answer"])
        elif act == "move":
            self._acts.move(values["unit"], incident)
        elif act == "assign":
            self._acts.assign(values["unit"], incident)
        elif act == "unassign":
            self._acts.assign(values["unit"], None)
        elif act == "join":
            self._acts.join(incident, values["parent"])
        elif act == "dispatch" and "units" in values:
            self._acts.dispatch(incident, values["units"])
        elif act in NOTES:
            self._acts.note(incident, values["text"], act)
        else:
            days = values.pop("days", None)
            if days is not None:
                values["until"] = (self._clock.now() + timedelta(days=days)).isoformat(timespec="seconds")
            self._acts.perform(act, incident, values)

    def _place(self, where: Name) -> dict[str, str]:
        """{kind, id} of something that stands somewhere, {place} of a name for the gazetteer."""
        for kind in ("incident", "unit"):
            if where.code and self._names[kind].code(where.code) == where:
                return {"kind": f"{kind}s", "id": where.code}
        return {"place": where.code or where.word}

    def _remember(self, line: str) -> None:
        kept = masked(" ".join(line.split()))
        self.history = [*(each for each in self.history if each != kept), kept][-MOST_LINES:]
        self.remembered.emit(self.history)

    def _on_done(self, act: str, outcome: Any) -> None:
        if act != "report" or not self._saving:
            return
        self._saving -= 1
        number = str(outcome.number)
        track = MUNICIPAL if number.startswith("案") else EMERGENCY
        self._fresh = {outcome.id: Name(outcome.id, number, tag=track)}
        self._detail.open(outcome.id)
        held, self._held = self._held, []
        for line in held:
            found = self.reading(line)
            if isinstance(found, Command):
                self._run(found)
            else:
                self.refused.emit(Refused(f"没有执行“{line}”：{found.sentence}", "事件已经接报"))

    def _on_refused(self, act: str, _fault: object) -> None:
        if act != "report" or not self._saving:
            return
        self._saving -= 1
        held, self._held = self._held, []
        if held:
            self.refused.emit(Refused("接报没有成功，后面的命令没有执行：" + "；".join(held), "没有改动", "改好后再写一次"))

    def _on_changed(self) -> None:
        if self._is_open:
            self._read()

    def _read(self) -> None:
        incidents, units = self._incidents.newest, self._units.all_units()
        self._bridge.ask("commands", lambda: all_names(self._named.of(incidents), units), self._take)

    def _take(self, names: dict[str, Names]) -> None:
        self._names = names
        early, self._early = self._early, []
        for line in early:
            found = self.submit(line)
            if not isinstance(found, Command):
                self._remember(line)
                self.refused.emit(Refused(f"没有执行“{line}”：{found.sentence}", "没有改动", "按 / 再按 ↑ 取回这一行"))
        self.read.emit()
