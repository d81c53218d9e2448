package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many clients lose their leader at one moment; benchmarks/storm is the same at size. */
@CoordinatorCluster(processes = true)
@Tag("alone")
class StormScenariosTest {
    private static final int CLIENTS = 150;

    /** One of many: a lock of its own, and a call that goes on for as long as the keeper lives. */
    private record Member(CoordinatorClient client, long session, LockHandle own, CompletableFuture<LockHandle> call) {
        boolean isBack() {
            return client.state() == ConnectionState.RECONNECTED;
        }
    }

    @Test
    @Feature("C-14")
    void everyoneComesBackAndNobodyLosesASession(ProcessCluster cluster) {
        CoordinatorClient keeper = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(10)));
        LockHandle wanted = keeper.lock("wanted").acquire();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CoordinatorClient client = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(10)));
            LockHandle own = client.lock("own-" + i).acquire();
            CompletableFuture<LockHandle> call =
                    client.async().lock("wanted").acquire().toCompletableFuture();
            members.add(new Member(client, client.sessionId(), own, call));
        }
        cluster.kill(cluster.awaitLeader());

        Waiting.await("all are back").until(() -> members.stream().allMatch(Member::isBack));
        assertThat(members).allSatisfy(member -> {
            assertThat(member.client().sessionId()).isEqualTo(member.session());
            assertThat(member.own().isHeld()).isTrue();
        });
        assertThat(wanted.token()).isPositive();
        assertThat(members).noneMatch(member -> member.call().isDone());
        members.forEach(member -> assertThat(keeper.lock("own-" + members.indexOf(member))
                        .verify(member.own().token()))
                .isTrue());
    }
}
