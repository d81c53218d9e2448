package io.coordinator.server.call;

import java.util.ArrayList;
import java.util.List;

/** Puts things in line for streams, and wakes each once for many. Used by the exchange's thread only. */
final class CallOutlets {
    private final List<CallStream> touched = new ArrayList<>();

    /** @param payload bytes of what the message carries */
    void put(CallStream stream, Object message, int payload) {
        if (stream.put(message, payload) && stream.touch()) {
            touched.add(stream);
        }
    }

    void wake() {
        touched.forEach(CallStream::wakeTouched);
        touched.clear();
    }
}
