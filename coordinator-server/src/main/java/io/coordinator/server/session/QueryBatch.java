package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Query;
import io.coordinator.server.read.GatedRead;
import io.coordinator.state.Coordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Queries that are answered together. */
final class QueryBatch implements GatedRead {
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
            found.add(core.query(query));
        }
        answers = found;
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
