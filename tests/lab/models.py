"""Replacement by FIFO, LRU and Belady's optimum once more, as short as they can be told, to hold the replayer
against. A trace is a list of page numbers; the result is the number of faults."""


def fifo(trace, frames):
    resident, faults = [], 0
    for page in trace:
        if page not in resident:
            resident = resident[-frames + 1:] + [page] if frames > 1 else [page]
            faults += 1
    return faults


def lru(trace, frames):
    resident, faults = [], 0
    for page in trace:
        if page in resident:
            resident.remove(page)
        else:
            faults += 1
        resident = (resident + [page])[-frames:]
    return faults


def opt(trace, frames):
    resident, faults = set(), 0
    for now, page in enumerate(trace):
        if page in resident:
            continue
        faults += 1
        if len(resident) == frames:
            rest = trace[now:]
            resident.remove(max(resident, key=lambda p: rest.index(p) if p in rest else len(rest)))
        resident.add(page)
    return faults
