"""What goes wrong: with requests, with workers, and with who owns what."""

from services.journey.adapters.producer import UNKNOWN_OFFSET
from tests.simulation.faust_acts import answer, produce, work
from tests.simulation.logs import JOURNEYS, SOURCE, STATE
from tests.simulation.process import GIVEN_UP, Process
from tests.simulation.world import World, last_words, pick

_MOST_RUNNING = 3
_LONGEST = 40


def land(world: World, a: int, _: int) -> str:
    """A produce request is appended."""
    request = pick(world.logs.on_their_way, a)
    if request is None:
        return ""
    base = world.logs.land(request)
    log = request.log
    return f"{len(request.rows)} of w{request.sender} at {log.topic}/{log.partition}/{base}"


def answer_blind(world: World, a: int, _: int) -> str:
    """A produce request was appended, but only its retry is answered."""
    return _answer_sent(world, a, "unknown offset", land=True, result=UNKNOWN_OFFSET)


def give_up(world: World, a: int, _: int) -> str:
    """A produce request is not acknowledged in time; it may still land."""
    return _answer_sent(world, a, "no answer", land=False, result=GIVEN_UP)


def _answer_sent(world: World, a: int, what: str, *, land: bool, result: object) -> str:
    sent = [(one, wait) for one in world.running for wait in one.waits if wait.request]
    chosen = pick(sent, a)
    if chosen is None:
        return ""
    process, wait = chosen
    if land and wait.request:
        world.logs.land(wait.request)
    process.answer(wait, result)
    return f"{what} for w{process.number}{last_words(process)}"


def vanish(world: World, a: int, _: int) -> str:
    """A request of a worker that is dead never lands."""
    alive = {one.number for one in world.alive}
    lost = pick([r for r in world.logs.on_their_way if r.sender not in alive], a)
    if lost is None:
        return ""
    world.logs.on_their_way.remove(lost)
    return f"{len(lost.rows)} of w{lost.sender} to {lost.log.topic}/{lost.log.partition}"


def crash(world: World, a: int, b: int) -> str:
    """A worker dies where it stands, or when it has sent something."""
    process = pick(world.running, a)
    if process is None:
        return ""
    where = _until_sent(world, process, b)
    process.kill()
    return f"w{process.number}{where}"


def freeze(world: World, a: int, b: int) -> str:
    """A worker is stopped where it stands, or when it has sent something."""
    process = pick(world.running, a)
    if process is None:
        return ""
    where = _until_sent(world, process, b)
    process.is_frozen = True
    return f"w{process.number}{where}"


def _until_sent(world: World, process: Process, b: int) -> str:
    topic = (None, JOURNEYS, STATE, STATE)[b % 4]
    if topic is None or not process.at:
        return ""
    partition = list(process.at)[b // 4 % len(process.at)]
    produce(world, partition, b)
    work(world, world.delivered.index((process, partition)), b % 16)
    for _ in range(_LONGEST):
        sent = [wait.request for wait in process.waits if wait.request]
        if not process.waits or (sent and sent[0].log.topic == topic):
            break
        process.answer(process.waits[0])
    return f" after {len(sent[0].rows)} went to {topic}" if sent else ""


def thaw(world: World, a: int, b: int) -> str:
    """A worker goes on; when it was long, it knows before it sends anything again."""
    process = pick([one for one in world.alive if one.is_frozen], a)
    if process is None:
        return ""
    process.is_frozen = False
    process.is_stale = process.is_stale or b % 2 == 0
    return f"w{process.number}, {'too late' if process.is_stale else 'in time'}"


def start(world: World, _a: int, _b: int) -> str:
    """A worker more."""
    if len(world.running) >= _MOST_RUNNING:
        return ""
    world.processes.append(Process(len(world.processes), world.place, world.setting.make))
    world.loop.settle()
    return f"w{len(world.processes) - 1}"


def rebalance(world: World, _a: int, _b: int) -> str:
    """Every worker that hears it gives everything back, when its step is done."""
    for process in world.alive:
        process.revoke()
    return f"of {len(world.alive)}"


def assign(world: World, a: int, b: int) -> str:
    """Partitions go to those who gave back; whoever did not still believes it owns them."""
    joined = [one for one in world.alive if one.is_revoked]
    if not joined:
        return ""
    owners: dict[Process, dict[int, int]] = {process: {} for process in joined}
    for partition in range(world.setting.partitions):
        at = b % (world.logs.of(SOURCE, partition).end + 1)
        owners[joined[(a >> partition) % len(joined)]][partition] = at
    for process, places in owners.items():
        process.assign(places)
    return ", ".join(f"w{one.number} has {sorted(places)}" for one, places in owners.items())


def move(world: World, a: int, b: int) -> str:
    """A whole rebalance that one of the workers may miss."""
    rebalance(world, 0, 0)
    missing = b % 6
    for process in world.running:
        if process.number % 6 != missing:
            answer(process, 30)
    return assign(world, a, b // 6)


def wait(world: World, _a: int, b: int) -> str:
    """A moment passes."""
    world.now += (b % 4) * 0.4
    return f"{(b % 4) * 0.4} s"


def clean(world: World, _a: int, _b: int) -> str:
    """The cleaner comes by."""
    world.logs.clean(world.setting.lag)
    return "whatever it may"
