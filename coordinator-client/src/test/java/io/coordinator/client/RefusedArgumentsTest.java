package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Asynchronous methods say what is wrong with their arguments where they say everything else. */
@Feature("C-22")
class RefusedArgumentsTest extends ClientFixture {
    private static final String HALF_A_PAIR = "\uD83D";

    @Test
    void stagesFailAndNothingIsThrown() {
        CoordinatorClient client = connect();
        AsyncCoordinatorClient async = client.async();
        ReadThroughCache<String, String> cache =
                client.readThroughCache(ReadThroughOptions.of("c", String.class, String.class));
        List<Supplier<CompletionStage<?>>> calls = List.of(
                () -> async.builds().getOrBuildAsync("k", String.class, context -> "v", Duration.ZERO),
                () -> async.builds().shareAsync("id", String.class, context -> "v", Duration.ZERO),
                () -> async.builds().shareAsync(HALF_A_PAIR, String.class, context -> "v", Duration.ofSeconds(1)),
                () -> async.builds().claimAsync("id", Duration.ofSeconds(-1)),
                () -> async.builds().claimAsync(HALF_A_PAIR, Duration.ZERO),
                () -> async.locks().list("n", HALF_A_PAIR),
                () -> async.locks().semaphores("n", HALF_A_PAIR),
                () -> async.locks().audit(0),
                () -> async.locks().audit(-1),
                () -> async.transferLeadership(HALF_A_PAIR),
                () -> cache.buildOrRetrieveAsync("k", context -> "v", Duration.ZERO),
                () -> cache.buildOrRetrieveAsync(HALF_A_PAIR, context -> "v", Duration.ofSeconds(1)));
        for (int i = 0; i < calls.size(); i++) {
            CompletionStage<?> refused = calls.get(i).get();
            assertThatThrownBy(() -> get(refused)).as("call %s", i).isInstanceOf(ValidationException.class);
        }
        assertThatThrownBy(() -> client.locks().audit(0)).isInstanceOf(ValidationException.class);
    }

    @Test
    void oneCallbackIsCalledOfABuildThatIsRefused() {
        ReadThroughCache<String, String> cache =
                connect().readThroughCache(ReadThroughOptions.of("c", String.class, String.class));
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        List<String> values = new ArrayList<>();

        cache.asyncBuildOrRetrieve("k", context -> "v", Duration.ZERO, values::add, errors::add);

        soon().until(() -> errors.size() == 1);
        assertThat(errors.get(0)).isInstanceOf(ValidationException.class);
        assertThat(values).isEmpty();
    }
}
