package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@Feature("PM-RPC-1")
class MeshTest extends ClientFixture {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-2", "PM-RPC-3", "PM-RPC-5"})
    void functionsAreCalledWithTheirArguments() {
        Mesh worker = Compat.of(connect()).mesh();
        CoordinatorClient client = connect();
        Mesh mesh = Compat.of(client).mesh();
        worker.register(
                "add", arguments -> arguments.stream().mapToInt(JsonNode::asInt).sum());
        assertThat(mesh.call("add", List.of(1, 2), Integer.class)).isEqualTo(3);
        assertThat(mesh.call("add", List.of(), Integer.class, LONG)).isZero();
        assertThat(get(mesh.callAsync("add", Arrays.asList(4, null), Integer.class, LONG)))
                .isEqualTo(4);
        assertThat(client.rpc().call("add", 5, Integer.class)).isEqualTo(5);
        assertThat(client.rpc().call("add", null, Integer.class)).isZero();
        worker.register("add", arguments -> "another");
        assertThat(mesh.call("add", List.of(1, 2), String.class)).isEqualTo("another");

        assertThat(mesh.unregister("add")).isFalse();
        assertThat(worker.unregister("add")).isTrue();

        assertThatThrownBy(() -> mesh.call("add", List.of(), Integer.class))
                .isInstanceOf(NoHandlerException.class)
                .hasMessageContaining("no handler registered for \"add\"");
    }

    @Test
    @Feature({"PM-RPC-6", "PM-RPC-10"})
    void functionsFailAndHang() {
        Mesh mesh = Compat.of(connect()).mesh();
        CountDownLatch hang = new CountDownLatch(1);
        mesh.register("fails", arguments -> {
            throw new IllegalStateException("broken");
        });
        mesh.register("hangs", arguments -> {
            hang.await();
            return null;
        });

        assertThatThrownBy(() -> mesh.call("fails", List.of(), Void.class))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e.remoteCode()).isEqualTo("EHANDLER");
                    assertThat(e.remoteMessage()).isEqualTo("broken");
                });
        assertThatThrownBy(() -> mesh.call("hangs", List.of(), Void.class, Duration.ofMillis(50)))
                .isInstanceOf(RequestTimeoutException.class);
    }
}
