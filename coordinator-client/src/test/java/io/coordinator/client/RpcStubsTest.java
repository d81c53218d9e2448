package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcName;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls by the methods of an interface. */
@Feature("PM-RPC-3")
@SuppressWarnings("NullAway") // of tests of null
class RpcStubsTest extends ClientFixture {
    record Size(int width, int height) {}

    interface Named {
        String title();
    }

    @RpcName("resize")
    interface Resize extends Named {
        Size fit(Size size, int width);

        Map<String, List<Size>> grouped(List<Size> sizes);

        CompletionStage<Size> later(Size size);

        CompletableFuture<@Nullable Void> nothingLater();

        void nothing(@Nullable String text) throws IOException;

        int count(String... names);

        @Override
        String title();

        @Override
        String toString();

        default Size half(Size size) {
            return fit(size, size.width() / 2);
        }
    }

    private static final class Resizer implements Resize {
        @Override
        public Size fit(Size size, int width) {
            return new Size(width, size.height() * width / size.width());
        }

        @Override
        public Map<String, List<Size>> grouped(List<Size> sizes) {
            return Map.of("all", List.of(sizes.get(0)));
        }

        @Override
        public CompletionStage<Size> later(Size size) {
            return CompletableFuture.supplyAsync(() -> size);
        }

        @Override
        public CompletableFuture<@Nullable Void> nothingLater() {
            return CompletableFuture.failedFuture(new RpcFailure("ELATER", "not now"));
        }

        @Override
        public void nothing(@Nullable String text) throws IOException {
            if (text != null) {
                throw new IOException(text);
            }
        }

        @Override
        public int count(String... names) {
            return names.length;
        }

        @Override
        public String title() {
            return "resizer";
        }

        @Override
        public String toString() {
            return "the resizer itself";
        }
    }

    @Test
    void methodsOfAnInterfaceAreCalled() throws Exception {
        CoordinatorClient client = connect();
        assertThat(client.rpc().serve(Resize.class, new Resizer()).name()).isEqualTo("resize");
        Resize resize = connect().rpc().proxy(Resize.class);

        assertThat(resize.fit(new Size(100, 50), 10)).isEqualTo(new Size(10, 5));
        assertThat(resize.half(new Size(100, 50))).isEqualTo(new Size(50, 25));
        assertThat(resize.grouped(List.of(new Size(1, 2)))).isEqualTo(Map.of("all", List.of(new Size(1, 2))));
        assertThat(get(resize.later(new Size(3, 4)))).isEqualTo(new Size(3, 4));
        assertThat(resize.count()).isZero();
        assertThat(resize.count("a", "b")).isEqualTo(2);
        assertThat(resize.title()).isEqualTo("resizer");
        resize.nothing(null);
    }

    @Test
    @Feature("PM-RPC-6")
    void failuresAreUncheckedAndText() {
        CoordinatorClient client = connect();
        client.rpc().serve(Resize.class, new Resizer());
        Resize resize = client.async().rpc().proxy(Resize.class);

        assertThatThrownBy(() -> resize.nothing("broken")).isInstanceOfSatisfying(RemoteException.class, e -> {
            assertThat(e.remoteType()).isEqualTo("java.io.IOException");
            assertThat(e.remoteMessage()).isEqualTo("broken");
        });
        assertThatThrownBy(() -> resize.fit(new Size(0, 0), 1)).isInstanceOf(RemoteException.class);
        assertThatThrownBy(() -> get(resize.nothingLater()))
                .isInstanceOfSatisfying(
                        RemoteException.class, e -> assertThat(e.remoteCode()).isEqualTo("ELATER"));
        assertFails(client, Map.of("method", "none", "args", List.of()), "ENOHANDLER", "no method \"none\"");
        assertFails(client, Map.of("method", "fit", "args", List.of(1)), "EINVAL", "takes 2 arguments");
        assertFails(client, Map.of("method", "fit", "args", List.of("a", "b")), "EINVAL", "argument 1");
        assertFails(client, "text", "ENOHANDLER", "no method \"\"");
    }

    private static void assertFails(CoordinatorClient client, Object arguments, String code, String message) {
        assertThatThrownBy(() -> client.rpc().call("resize", arguments, String.class))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e.remoteCode()).isEqualTo(code);
                    assertThat(e.remoteMessage()).contains(message);
                });
    }

    @Test
    void methodsOfObjectsAreLocal() {
        CoordinatorClient client = connect();
        Resize resize = client.rpc().proxy(Resize.class);
        Resize other = client.rpc().proxy(Resize.class);

        assertThat(resize)
                .hasToString(
                        "proxy of " + Resize.class.getName() + ", which calls \"resize\" in namespace \"default\"");
        assertThat(resize.equals(resize)).isTrue();
        assertThat(resize).isNotEqualTo(other);
        assertThat(resize.hashCode()).isEqualTo(System.identityHashCode(resize));
        assertThatThrownBy(() -> resize.title()).isInstanceOf(NoHandlerException.class);
    }

    interface Unnamed {
        @Nullable
        Integer primitive();
    }

    interface Primitive {
        int primitive();
    }

    interface Overloaded {
        void same(String text);

        void same(int number);
    }

    interface Empty {}

    interface StrangeStage {
        Strange strange();
    }

    abstract static class Strange extends CompletableFuture<String> {}

    @RpcName("")
    interface BadName {
        void call();
    }

    @Test
    void classNameIsTheNameOfAnInterfaceWithoutOne() {
        CoordinatorClient client = connect();
        client.rpc().serve(Unnamed.class, () -> null);

        assertThat(client.rpc().proxy(Unnamed.class).primitive()).isNull();
        assertThat(client.rpc()
                        .call(Unnamed.class.getName(), Map.of("method", "primitive", "args", List.of()), String.class))
                .isNull();
    }

    @Test
    void whatCannotBeCalledIsRefusedAtOnce() {
        CoordinatorClient client = connect();

        for (Class<?> type : List.of(
                Overloaded.class, Empty.class, String.class, StrangeStage.class, BadName.class, RpcName.class)) {
            assertThatThrownBy(() -> client.rpc().proxy(type)).as("%s", type).isInstanceOf(ValidationException.class);
        }
        assertThatThrownBy(() -> client.rpc().proxy(Overloaded.class)).hasMessageContaining("several of the name same");
        assertThatThrownBy(() -> get(client.async().rpc().serve(Primitive.class, null)))
                .isInstanceOf(NullPointerException.class);
    }
}
