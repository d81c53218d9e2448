package io.coordinator.client.internal.cache;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.cache.Expect;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.protocol.Expectation;

/** What callers expect of a value, as a message. */
public final class ExpectationMessages {
    private ExpectationMessages() {}

    public static Expectation of(Expect expect, JsonCodec json) {
        requireNonNull(expect, "expect");
        Expectation.Builder expectation = Expectation.newBuilder();
        if (expect instanceof Expect.Absent) {
            expectation.setAbsent(true);
        } else if (expect instanceof Expect.AbsentOrNull) {
            expectation.setAbsentOrNull(true);
        } else if (expect instanceof Expect.Value value) {
            expectation.setValue(json.write(value.value()));
        } else if (expect instanceof Expect.Revision revision) {
            expectation.setRevision(revision.revision());
        }
        return expectation.build();
    }
}
