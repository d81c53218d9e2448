package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.state.Coordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds answers in the applied state. */
final class Evaluation {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluation.class);

    private Evaluation() {}

    /** A query that trips over a bug gets an error, and does not take the thread that applies entries with it. */
    static Answer answer(Coordinator core, Query query) {
        try {
            return core.query(query);
        } catch (RuntimeException e) {
            LOG.error("a query failed: {}", query, e);
            return Answer.newBuilder()
                    .setId(query.getId())
                    .setError(SessionRefusals.of(ErrorCode.EBROKER, "the query failed: " + e))
                    .build();
        }
    }
}
