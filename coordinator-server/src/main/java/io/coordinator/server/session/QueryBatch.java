package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.GatedRead;
import io.coordinator.state.Coordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queries that are answered together. */
final class QueryBatch implements GatedRead {
    private static final Logger LOG = LoggerFactory.getLogger(QueryBatch.class);

    private final List<Query> queries;
    private final Consumer<List<Answer>> answered;
    private final Consumer<Error> refused;
    private List<Answer> answers = List.of();

    QueryBatch(List<Query> queries, Consumer<List<Answer>> answered, Consumer<Error> refused) {
        this.queries = queries;
        this.answered = answered;
        this.refused = refused;
    }

    @Override
    public void evaluate(Coordinator core) {
        List<Answer> found = new ArrayList<>(queries.size());
        for (Query query : queries) {
            found.add(answer(core, query));
        }
        answers = found;
    }

    /** A query that trips over a bug gets an error, and does not take the thread that applies entries with it. */
    private static Answer answer(Coordinator core, Query query) {
        try {
            return core.query(query);
        } catch (RuntimeException e) {
            LOG.error("a query failed: {}", query, e);
            return Answer.newBuilder()
                    .setId(query.getId())
                    .setError(Errors.of(ErrorCode.EBROKER, "the query failed: " + e))
                    .build();
        }
    }

    @Override
    public void release() {
        answered.accept(answers);
    }

    @Override
    public void refuse(Error error) {
        refused.accept(error);
    }
}
