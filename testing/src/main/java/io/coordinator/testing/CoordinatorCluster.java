package io.coordinator.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class one cluster, started before the first and closed after the last. Test methods and
 * constructors can ask for a {@link Cluster}, {@link TestCluster} or {@link ProcessCluster}, whichever it is, and for
 * any number of {@link io.coordinator.client.CoordinatorClient}s. Between tests the cluster is
 * {@linkplain Cluster#repair repaired} and its clients are closed, but it keeps its data: tests use names of their own.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface CoordinatorCluster {
    /** How many nodes. */
    int nodes() default 3;

    /** Whether each node is a process of its own. */
    boolean processes() default false;

    /** Server configuration, {@code key=value} each. */
    String[] config() default {};
}
