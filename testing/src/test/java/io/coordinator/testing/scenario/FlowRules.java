package io.coordinator.testing.scenario;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The rules of reactive streams for a publisher that never completes, as their compatibility kit checks them. Its tests
 * are made for another runner, so they are called one by one.
 */
final class FlowRules<T> extends FlowPublisherVerification<T> {
    private static final long TIMEOUT_MILLIS = 5_000;
    /** How long nothing must come. */
    private static final long SILENCE_MILLIS = 40;

    private static final long COLLECTED_MILLIS = 2_000;

    private final Supplier<Flow.Publisher<T>> publishers;
    private final Supplier<Flow.Publisher<T>> failing;

    /**
     * What became of the kit's tests.
     *
     * @param passed their names
     * @param skipped those that do not apply, by name, and why
     * @param failed by name, and how
     */
    record Outcome(Set<String> passed, Map<String, String> skipped, Map<String, Throwable> failed) {}

    /**
     * Checks nothing yet.
     *
     * @param publishers makes one that has more items than any test wants
     * @param failing makes one that fails at once
     */
    FlowRules(Supplier<Flow.Publisher<T>> publishers, Supplier<Flow.Publisher<T>> failing) {
        super(new TestEnvironment(TIMEOUT_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS), COLLECTED_MILLIS);
        this.publishers = publishers;
        this.failing = failing;
    }

    @Override
    public Flow.Publisher<T> createFlowPublisher(long elements) {
        return publishers.get();
    }

    @Override
    public Flow.Publisher<T> createFailedFlowPublisher() {
        return failing.get();
    }

    @Override
    public long maxElementsFromPublisher() {
        return publisherUnableToSignalOnComplete();
    }

    Outcome check() throws Exception {
        Outcome outcome = new Outcome(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
        for (Method test : Arrays.stream(getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList()) {
            try {
                setUp();
                test.invoke(this);
                outcome.passed().add(test.getName());
            } catch (InvocationTargetException e) {
                Throwable thrown = e.getTargetException();
                if (thrown instanceof SkipException) {
                    outcome.skipped().put(test.getName(), String.valueOf(thrown.getMessage()));
                } else {
                    outcome.failed().put(test.getName(), thrown);
                }
            }
        }
        return outcome;
    }
}
