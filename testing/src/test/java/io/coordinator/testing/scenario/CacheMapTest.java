package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import junit.framework.TestFailure;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The cache as a map, against Guava's tests of maps, on three nodes. */
@CoordinatorCluster
class CacheMapTest {
    @TestFactory
    Stream<DynamicNode> itIsAConcurrentMap(Cluster cluster) {
        CoordinatorClient client = cluster.client();
        AtomicInteger maps = new AtomicInteger();
        TestSuite suite = ConcurrentMapTestSuiteBuilder.using(new TestStringMapGenerator() {
                    @Override
                    protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                        ConcurrentMap<String, String> map = client.namespace("map-" + maps.incrementAndGet())
                                .cache()
                                .asMap(String.class);
                        Arrays.stream(entries).forEach(entry -> map.put(entry.getKey(), entry.getValue()));
                        return map;
                    }
                })
                .named("cache.asMap")
                .withFeatures(
                        MapFeature.GENERAL_PURPOSE, CollectionFeature.SUPPORTS_ITERATOR_REMOVE, CollectionSize.ANY)
                .createTestSuite();
        return Stream.of(nodes(suite));
    }

    private static DynamicNode nodes(TestSuite suite) {
        Enumeration<junit.framework.Test> tests = suite.tests();
        Stream.Builder<DynamicNode> nodes = Stream.builder();
        while (tests.hasMoreElements()) {
            junit.framework.Test test = tests.nextElement();
            nodes.add(
                    test instanceof TestSuite inner
                            ? nodes(inner)
                            : DynamicTest.dynamicTest(test.toString(), () -> run(test)));
        }
        return DynamicContainer.dynamicContainer(String.valueOf(suite.getName()), nodes.build());
    }

    private static void run(junit.framework.Test test) throws Throwable {
        TestResult result = new TestResult();
        test.run(result);
        for (Enumeration<TestFailure> problems : List.of(result.errors(), result.failures())) {
            if (problems.hasMoreElements()) {
                throw problems.nextElement().thrownException();
            }
        }
    }

    @Test
    @Feature("PM-ATOM-10")
    void mergesOfManyLoseNothing(Cluster cluster) {
        int each = 50;
        List<CompletableFuture<Void>> writers = IntStream.range(0, 3)
                .mapToObj(i -> cluster.client().namespace("merged").cache().asMap(Integer.class))
                .map(map -> CompletableFuture.runAsync(() -> {
                    for (int j = 0; j < each; j++) {
                        map.merge("n", 1, Integer::sum);
                        map.computeIfAbsent("once", key -> 7);
                    }
                }))
                .toList();
        writers.forEach(Waiting::get);
        ConcurrentMap<String, Integer> map =
                cluster.client().namespace("merged").cache().asMap(Integer.class);
        assertThat(map).containsEntry("n", 3 * each).containsEntry("once", 7).hasSize(2);
    }
}
