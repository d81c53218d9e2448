package io.coordinator.server.watch;

import io.coordinator.protocol.DataKind;
import java.util.ArrayList;
import java.util.List;

/**
 * The watches of one topic of one kind of data. Who visits them from the last to the first misses none that stays,
 * though others come and go meanwhile. Not thread-safe.
 */
final class WatchList {
    private final DataKind kind;
    private final Topic topic;
    private final List<Watch> watches = new ArrayList<>();

    WatchList(DataKind kind, Topic topic) {
        this.kind = kind;
        this.topic = topic;
    }

    /** All watches of it can share this one. */
    Topic topic() {
        return topic;
    }

    void add(Watch watch) {
        watch.setPlace(kind, watches.size());
        watches.add(watch);
    }

    /** The last takes the place of the one that goes. */
    void remove(Watch watch) {
        Watch last = watches.remove(watches.size() - 1);
        if (last != watch) {
            watches.set(watch.place(kind), last);
            last.setPlace(kind, watch.place(kind));
        }
    }

    Watch get(int place) {
        return watches.get(place);
    }

    int size() {
        return watches.size();
    }
}
