package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    @Test
    @Feature({"PM-PS-1", "PM-PS-2", "PM-PS-3", "PM-PS-4", "PM-PS-5", "PM-PS-7"})
    void handlersHearTheirChannelsUntilTheyAreEnded() {
        Mesh mesh = Compat.of(connect()).mesh();
        Mesh publisher = Compat.of(connect()).mesh();
        assertThat(publisher.publish("orders.created", "nobody")).isZero();
        List<String> heard = new CopyOnWriteArrayList<>();
        MeshHandler handler = (payload, channel) -> heard.add(channel + "=" + payload.asText());
        TopicSubscription all = mesh.subscribe("*", (payload, channel) -> heard.add("*" + channel));
        TopicSubscription off = mesh.subscribe("orders.*", handler);
        assertThat(mesh.subscribe("orders.*", handler)).as("the same handler").isSameAs(off);
        mesh.subscribe("orders.*", (payload, channel) -> heard.add("other"));

        assertThat(publisher.publish("orders.created", "a")).isEqualTo(1);
        assertThat(publisher.publish("users.new", null)).isEqualTo(1);
        soon().untilAsserted(() -> assertThat(heard)
                .containsExactlyInAnyOrder("*orders.created", "orders.created=a", "other", "*users.new"));
        off.close();
        off.close();
        assertThat(off.isActive()).isFalse();
        assertThat(mesh.unsubscribe("orders.*")).as("the other one is left").isTrue();
        assertThat(mesh.unsubscribe("orders.*")).isFalse();
        assertThat(mesh.unsubscribe("orders")).isFalse();
        heard.clear();
        assertThat(get(publisher.publishAsync("orders.created", "b", PublishOptions.defaults())))
                .isEqualTo(1);
        soon().until(() -> heard.contains("*orders.created"));
        all.close();
        assertThat(publisher.publish("orders.created", "c", PublishOptions.fireAndForget()))
                .isZero();
        soon().untilAsserted(() ->
                assertThat(publisher.publish("orders.created", "d")).isZero());
        assertThat(heard).containsExactly("*orders.created");

        TopicSubscription again = mesh.subscribe("orders.*", handler);
        assertThat(again).isNotSameAs(off);
        assertThat(publisher.publish("orders.created", "e")).isEqualTo(1);
        soon().until(() -> heard.contains("orders.created=e"));
    }

    @Test
    @Feature("PM-N-1")
    void whoPublishesChoosesHowMuchIsAcknowledged() {
        Mesh mesh = Compat.of(connect()).mesh();
        List<String> heard = new CopyOnWriteArrayList<>();
        mesh.subscribe("t", (payload, channel) -> heard.add(payload.asText()));
        assertThat(mesh.publish("t", "none", PublishOptions.fireAndForget())).isZero();
        assertThat(mesh.publish("t", "leader", PublishOptions.defaults())).isEqualTo(1);
        assertThat(mesh.publish("t", "all", PublishOptions.neverDropped())).isEqualTo(1);
        soon().untilAsserted(() -> assertThat(heard).containsExactly("none", "leader", "all"));
    }

    @Test
    @Feature("PM-PS-6")
    void aHandlerThatFailsIsReportedAndGoesOn() {
        Mesh mesh = Compat.of(connect()).mesh();
        List<String> heard = new CopyOnWriteArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        mesh.subscribe(
                "news",
                (payload, channel) -> {
                    heard.add(payload.asText());
                    throw new AssertionError("broken");
                },
                SubscribeOptions.defaults().onError(failures::add));
        mesh.subscribe("news", (payload, channel) -> heard.add("other"));
        mesh.publish("news", "1");
        mesh.publish("news", "2");

        soon().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrder("1", "2", "other", "other"));
        soon().untilAsserted(() ->
                assertThat(failures).hasSize(2).allSatisfy(e -> assertThat(e).hasMessage("broken")));
    }

    @Test
    @Feature("PM-PS-1")
    @SuppressWarnings("NullAway")
    void whatIsNoHandlerOrNoChannelIsRefused() {
        CoordinatorClient client = connect();
        Mesh mesh = Compat.of(client).mesh();
        assertThatNullPointerException()
                .isThrownBy(() -> mesh.subscribe("news", null))
                .withMessage("handler");
        assertThatThrownBy(() -> mesh.subscribe("", (payload, channel) -> {})).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> mesh.publish("half \ud800", 1)).isInstanceOf(ValidationException.class);
        client.close();
        assertThatThrownBy(() -> mesh.subscribe("news", (payload, channel) -> {}))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> mesh.publish("news", 1)).isInstanceOf(ClosedException.class);
    }
}
