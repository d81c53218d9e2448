package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.feature.Feature;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

@Feature("A-02")
class InMemoryClusterExtensionTest {

    @Nested
    @ExtendWith(InMemoryClusterExtension.class)
    class EachTestHasItsOwn {
        /** Also of an earlier run of this class, which is no different. */
        private static @Nullable InMemoryCluster last;

        private final InMemoryCluster cluster;
        private final CoordinatorClient client;

        EachTestHasItsOwn(InMemoryCluster cluster, CoordinatorClient client) {
            this.cluster = cluster;
            this.client = client;
        }

        @BeforeEach
        void prepare(InMemoryCluster same, CoordinatorClient another) {
            assertThat(same).isSameAs(cluster);
            assertThat(another).isNotSameAs(client);
            assertThat(another.cache().keys("", "", 10).keys()).isEmpty();
            another.cache().put("prepared", true);
        }

        @RepeatedTest(2)
        void theClusterOfTheLastTestIsClosed(InMemoryCluster same) {
            assertThat(same).isSameAs(cluster);
            assertThat(client.cache().has("prepared")).isTrue();
            InMemoryCluster before = last;
            if (before != null) {
                assertThat(before).isNotSameAs(cluster);
                assertThatThrownBy(before::connect).hasMessageContaining("closed");
            }
            last = cluster;
        }
    }

    @Nested
    @ExtendWith(InMemoryClusterExtension.class)
    class AllTestsHaveOneThatWasAskedForBefore {
        private static @Nullable InMemoryCluster first;
        private static int tests;

        @BeforeAll
        static void begin(InMemoryCluster cluster) {
            first = cluster;
            tests = 0;
        }

        @RepeatedTest(2)
        void theClusterIsTheSame(InMemoryCluster cluster, CoordinatorClient client) {
            assertThat(cluster).isSameAs(first);
            assertThat(client.cache().increment("tests", 1)).isEqualTo(++tests);
        }

        @AfterAll
        static void end(InMemoryCluster cluster) {
            assertThat(cluster).isSameAs(first);
            assertThat(tests).isEqualTo(2);
        }
    }
}
