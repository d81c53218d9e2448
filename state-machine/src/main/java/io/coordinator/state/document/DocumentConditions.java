package io.coordinator.state.document;

import io.coordinator.document.Equality;
import io.coordinator.document.Meter;
import io.coordinator.document.Path;
import io.coordinator.document.Scalar;
import io.coordinator.document.Value;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.Expectation;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.UnknownOperationException;

/** What transactions ask of documents, as a whole or at a path. */
record DocumentConditions(DocumentQueries queries) implements Conditional {

    @Override
    public Condition.SubjectCase subject() {
        return Condition.SubjectCase.DOCUMENT;
    }

    @Override
    public void admit(Condition condition, Check check) {
        check.expectation(condition.getDocument().getExpect());
    }

    @Override
    public boolean holds(Context at, Condition condition, Meter meter) {
        DocumentCondition asked = condition.getDocument();
        Expectation expect = asked.getExpect();
        Document document = queries.find(at, Name.of(asked.getNamespace(), asked.getId()));
        Value value = document == null ? null : Path.find(document.root(), asked.getPathList(), meter);
        return switch (expect.getExpectationCase()) {
            case ABSENT -> value == null;
            case VALUE -> value != null && Equality.same(value, expect.getValue(), meter);
            case REVISION ->
                expect.getRevision() == (document == null ? 0 : document.info().getRevision());
            case ABSENT_OR_NULL -> value == null || value == Scalar.NULL;
            case EXPECTATION_NOT_SET -> throw new UnknownOperationException("an expectation of a document");
        };
    }
}
