package io.coordinator.testing;

import io.coordinator.client.CoordinatorClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the cluster that {@link CoordinatorCluster} describes, and shows what its processes printed when a test fails.
 */
public final class ClusterExtension implements ParameterResolver, AfterEachCallback, TestWatcher {
    private static final Logger log = LoggerFactory.getLogger(ClusterExtension.class);
    private static final Namespace NAMESPACE = Namespace.create(ClusterExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return Cluster.class.isAssignableFrom(type) || type == CoordinatorClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Cluster cluster = cluster(context);
        return parameter.getParameter().getType() == CoordinatorClient.class ? cluster.client() : cluster;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        @Nullable Cluster cluster = existing(context);
        if (cluster != null) {
            cluster.repair();
            cluster.closeClients();
        }
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        if (existing(context) instanceof ProcessCluster processes) {
            log.error("{} failed; its nodes printed:\n{}", context.getDisplayName(), processes.output());
        }
    }

    private static Cluster cluster(ExtensionContext context) {
        return classStore(context).computeIfAbsent(Cluster.class, key -> start(context), Cluster.class);
    }

    private static @Nullable Cluster existing(ExtensionContext context) {
        return classStore(context).get(Cluster.class, Cluster.class);
    }

    private static Store classStore(ExtensionContext context) {
        ExtensionContext atClass = context;
        while (atClass.getParent().isPresent() && atClass.getTestMethod().isPresent()) {
            atClass = atClass.getParent().get();
        }
        return atClass.getStore(NAMESPACE);
    }

    private static Cluster start(ExtensionContext context) {
        CoordinatorCluster annotation = AnnotationSupport.findAnnotation(
                        context.getRequiredTestClass(), CoordinatorCluster.class, context.getEnclosingTestClasses())
                .orElseThrow(() ->
                        new IllegalStateException(context.getRequiredTestClass() + " has no @CoordinatorCluster"));
        ClusterOptions options = ClusterOptions.defaults().nodes(annotation.nodes());
        for (String setting : annotation.config()) {
            int equals = setting.indexOf('=');
            options = options.config(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return annotation.processes() ? ProcessCluster.start(options) : TestCluster.start(options);
    }
}
