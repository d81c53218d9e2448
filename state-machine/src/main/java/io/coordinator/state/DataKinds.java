package io.coordinator.state;

import io.coordinator.protocol.DataKind;
import java.util.List;
import java.util.stream.Stream;

/** The kinds of data that this version knows, in the order of their numbers. Sessions are none. */
public final class DataKinds {
    private static final List<DataKind> ALL = Stream.of(DataKind.values())
            .filter(kind -> kind != DataKind.UNRECOGNIZED && kind.getNumber() > DataKind.SESSION_VALUE)
            .toList();

    private DataKinds() {}

    public static List<DataKind> all() {
        return ALL;
    }
}
