package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.DynamicJson;
import io.coordinator.compat.ExclusiveLock;
import io.coordinator.compat.ExclusiveLockOptions;
import io.coordinator.compat.LockMethodOptions;
import io.coordinator.compat.Mesh;
import io.coordinator.compat.OnceLock;
import io.coordinator.compat.PushResult;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What coordinator-compat/README.md shows. */
@CoordinatorCluster(nodes = 1)
class CompatTest {
    @Test
    @Feature({"EL-ACQ-1", "DJ-LM-1", "DJ-MGR-2"})
    void documentsAndLocks(CoordinatorClient client) {
        // spotless:off
        // snippet: compat
        Compat compat = Compat.of(client);   // keeps nothing of its own; make one wherever it is needed
        // end
        // snippet: dynamic
        DynamicJson state = compat.dynamicJson("state", OpenOptions.defaults().initialContent(Map.of("users", List.of())));
        boolean pushed = state.push("users", Map.of("name", "Ada"));
        Object popped = state.pop("users").orElse(null);            // false if there is no array
        // end
        // snippet: lock-method
        Function<Integer, Integer> add = compat.lockMethods().wrap(x -> x + 1, "adder", LockMethodOptions.defaults());
        int three = add.apply(2); // one call at a time in the cluster
        // end
        // snippet: exclusive
        ExclusiveLock exclusive = compat.exclusiveLock(ExclusiveLockOptions.named("Nightly Report"));
        if (exclusive.acquire()) {
            System.out.println(exclusive.key() + " refreshes itself every " + exclusive.lockRefresh());
            exclusive.release();
        }
        // end
        // spotless:on
        assertThat(pushed).isTrue();
        assertThat(popped).hasToString("{\"name\":\"Ada\"}");
        assertThat(three).isEqualTo(3);
        assertThat(exclusive.key()).isEqualTo("exclusive-lock:Nightly-Report");
        assertThat(exclusive.isAcquired()).isFalse();
    }

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-3"})
    void aMesh(CoordinatorClient client) {
        List<String> heard = new CopyOnWriteArrayList<>();
        Compat compat = Compat.of(client);
        // spotless:off
        // snippet: mesh
        Mesh mesh = compat.mesh();
        mesh.register("resize", arguments -> arguments.get(0).asInt() + "x" + arguments.get(1).asInt());
        String resized = mesh.call("resize", List.of(800, 600), String.class, Duration.ofSeconds(5));

        TopicSubscription off = mesh.subscribe("orders.*", (payload, channel) -> heard.add(channel + " " + payload));
        int sessions = mesh.publish("orders.created", Map.of("id", 7));
        off.close();
        // end
        // spotless:on
        assertThat(resized).isEqualTo("800x600");
        assertThat(mesh.unregister("resize")).isTrue();
        assertThat(sessions).isEqualTo(1);
        assertThat(off.isActive()).isFalse();
        assertThat(heard).isSubsetOf("orders.created {\"id\":7}"); // The subscription may have ended before it came.
    }

    @Test
    @Feature({"DL-ONCE-1", "DL-SER-1", "DL-PUSH-1", "DL-FAN-1"})
    void aCallbackQueue(CoordinatorClient client) throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Compat compat = Compat.of(client);
        // spotless:off
        // snippet: queue
        CallbackQueue queue = compat.callbackQueue(CallbackQueueOptions.defaults());
        try (OnceLock once = queue.once("import")) {
            once.extend(Duration.ofSeconds(30));
        }
        String result = queue.serial("migrations", () -> "done");
        PushResult push = queue.tryPush("upload", (error, args) -> heard.add(error + " " + args), Duration.ofMinutes(1));
        push.completer().ifPresent(job -> job.completed("uploaded", 17));   // whoever is the owner does it, and says so
        CompletionStage<Integer> total = queue.fanout("nightly-sum", Integer.class, context -> 1 + 2);
        // end
        // spotless:on
        assertThat(result).isEqualTo("done");
        assertThat(total.toCompletableFuture().join()).isEqualTo(3);
        assertThat(push.isOwner()).isTrue();
        Awaitility.await().until(() -> heard.size() == 1);
        assertThat(heard).containsExactly("null [\"uploaded\", 17]");
    }
}
