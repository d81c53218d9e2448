package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.option.Guard;
import java.util.ArrayList;
import java.util.List;

/** The tokens of a lock, an election and a semaphore of one name: each must be larger than all before, and bar them. */
final class FencingTokens {
    private final String name;
    private final List<Guard> ofLock = new ArrayList<>();
    private final List<Guard> ofElection = new ArrayList<>();
    private long last;

    FencingTokens(String name) {
        this.name = name;
    }

    /** Takes a token of each kind, writes with it, and shows that no earlier one can write any more. */
    void take(CoordinatorClient client) {
        LockHandle lock = client.lock(name).acquire();
        isNext(lock.token());
        writes(client, lock.guard(), ofLock);
        lock.release();
        try (Permit permit = client.semaphore(name, 2).acquire()) {
            isNext(permit.token());
        }
        try (Leadership leadership = client.election(name).campaign()) {
            isNext(leadership.epoch());
            writes(client, leadership.guard(), ofElection);
        }
    }

    /** What was taken last. */
    long last() {
        return last;
    }

    private void isNext(long token) {
        assertThat(token).as("a token of '%s'", name).isGreaterThan(last);
        last = token;
    }

    private void writes(CoordinatorClient client, Guard guard, List<Guard> before) {
        client.cache().guardedBy(guard).put(name, last);
        for (Guard old : before) {
            assertThatThrownBy(() -> client.cache().guardedBy(old).put(name, "stale"))
                    .as("%s, after %s", old, guard)
                    .isInstanceOf(FencedException.class);
        }
        assertThat(client.cache().get(name).orElseThrow().value().longValue()).isEqualTo(last);
        before.add(guard);
    }
}
