package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.AsyncDistributedSemaphore;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.option.Guard;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.lang.reflect.Executable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every public method of the SDK that takes a number from its caller, found by reflection, with extreme ones. */
@CoordinatorCluster(nodes = 1)
class NumbersOfTheApiTest {
    private static final List<Map<Class<?>, Object>> EXTREMES = List.of(
            numbers(Long.MIN_VALUE, Integer.MIN_VALUE, -Double.MAX_VALUE),
            numbers(-1, -1, -0.0),
            numbers(0, 0, Double.MIN_VALUE),
            numbers(Long.MAX_VALUE, Integer.MAX_VALUE, Double.MAX_VALUE));

    /** What users call that is no receiver of the driver's. */
    private static final Set<Class<?>> ALSO = Set.of(Expect.class, Guard.class);

    private static Map<Class<?>, Object> numbers(long ofLong, int ofInt, double ofDouble) {
        return Map.of(long.class, ofLong, int.class, ofInt, double.class, ofDouble);
    }

    @SuppressWarnings("NullAway.Init")
    private ApiDriver api;

    @BeforeEach
    void driver(Cluster cluster, CoordinatorClient client) {
        api = new ApiDriver(cluster, client);
    }

    /** Listeners are called by the SDK, and results are made by it: nobody gives them numbers. */
    private boolean isCalledByUsers(Executable method) {
        Class<?> type = method.getDeclaringClass();
        return api.knows(type) || ALSO.contains(type);
    }

    /** To wait for more permits than there are may take for ever. */
    private static boolean waitsForEver(Executable method) {
        Class<?> type = method.getDeclaringClass();
        return (type == DistributedSemaphore.class || type == AsyncDistributedSemaphore.class)
                && method.getName().equals("acquire");
    }

    private static boolean takesANumber(Executable method) {
        return Arrays.stream(method.getParameterTypes())
                .anyMatch(type -> type == long.class || type == int.class || type == double.class);
    }

    @Test
    @Feature("C-23")
    void anExtremeNumberIsAValueOrATypedException() {
        List<Executable> methods =
                ApiMethods.all(method -> takesANumber(method) && isCalledByUsers(method) && !waitsForEver(method));
        List<String> wrong = new ArrayList<>();
        for (Executable method : methods) {
            for (Map<Class<?>, Object> numbers : EXTREMES) {
                drive(method, numbers, wrong);
            }
        }
        System.out.println("drove " + methods.size() + " methods that take a number");
        assertThat(wrong).isEmpty();
        assertThat(methods).hasSizeGreaterThan(50);
    }

    private void drive(Executable method, Map<Class<?>, Object> numbers, List<String> wrong) {
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> api.call(method, numbers), Waiting::inThread);
        try {
            call.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof CoordinatorException)) {
                wrong.add(method + " with " + numbers + ": " + e.getCause());
            }
        } catch (TimeoutException e) {
            wrong.add(method + " with " + numbers + ": hangs");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
