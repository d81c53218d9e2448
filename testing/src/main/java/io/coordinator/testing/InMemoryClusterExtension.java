package io.coordinator.testing;

import io.coordinator.client.CoordinatorClient;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test an {@link InMemoryCluster} of its own, made when it is first asked for and closed after the test.
 *
 * <pre>{@code
 * @ExtendWith(InMemoryClusterExtension.class)
 * class CounterTest {
 *     @Test
 *     void twoHostsShareOneCounter(InMemoryCluster cluster, CoordinatorClient one, CoordinatorClient other) { … }
 * }
 * }</pre>
 *
 * <p>Test methods, constructors and the methods around a test can ask for the {@link InMemoryCluster}, which is the
 * same for all of one test, and for any number of {@link CoordinatorClient}s, each of which is a new one of that
 * cluster with a session of its own. What a static method before all tests asks for is one cluster for all tests of
 * the class, closed after the last.
 *
 * <p>For clusters with nodes that can fail see {@link CoordinatorCluster}; a class can have one of the two.
 */
public final class InMemoryClusterExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(InMemoryClusterExtension.class);

    /** The constructor's cluster is the test's. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == InMemoryCluster.class || type == CoordinatorClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        InMemoryCluster cluster = cluster(context);
        return parameter.getParameter().getType() == CoordinatorClient.class ? cluster.connect() : cluster;
    }

    /** The store closes it with the context. */
    private static InMemoryCluster cluster(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(InMemoryCluster.class, key -> InMemoryCluster.start(), InMemoryCluster.class);
    }
}
