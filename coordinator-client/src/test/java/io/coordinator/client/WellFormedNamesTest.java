package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncDocumentNode;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentOperations;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.AsyncLocks;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.option.Guard;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every method that takes a text refuses half of a surrogate pair, for it would be sent as a question mark (C-40). */
@Feature("C-40")
class WellFormedNamesTest extends ClientFixture {
    private static final String HALF = "k\uD83D";

    @Test
    void methodsRefuseHalfOfASurrogatePair() throws Exception {
        CoordinatorClient client = connect();
        Map<Class<?>, Object> subjects = new LinkedHashMap<>();
        subjects.put(CoordinatorClient.class, client);
        subjects.put(AsyncCoordinatorClient.class, client.async());
        subjects.put(Data.class, client.namespace("default"));
        subjects.put(AsyncData.class, client.async().namespace("default"));
        subjects.put(Cache.class, client.cache());
        subjects.put(AsyncCache.class, client.async().cache());
        subjects.put(AsyncBuilds.class, client.async().builds());
        subjects.put(AsyncDocuments.class, client.async().documents());
        subjects.put(AsyncDocument.class, client.async().documents().handle("d"));
        subjects.put(AsyncDocumentNode.class, client.async().documents().handle("d"));
        subjects.put(AsyncLocks.class, client.async().locks());
        subjects.put(OpaqueCache.class, client.cache().opaque(new Bytes()));
        subjects.put(Builds.class, client.builds());
        subjects.put(Documents.class, client.documents());
        subjects.put(Document.class, client.documents().handle("d"));
        subjects.put(DocumentOperations.class, client.documents().handle("d"));
        subjects.put(Locks.class, client.locks());
        subjects.put(Transaction.class, client.transaction());
        List<String> admitted = new ArrayList<>();
        int tried = 0;
        for (Map.Entry<Class<?>, Object> subject : subjects.entrySet()) {
            for (Method method : subject.getKey().getDeclaredMethods()) {
                String name = subject.getKey().getSimpleName() + "." + method.getName();
                if (takesText(method) && !method.isSynthetic()) {
                    tried++;
                    if (!refuses(subject.getValue(), method)) {
                        admitted.add(name + Arrays.toString(method.getParameterTypes()));
                    }
                }
            }
        }
        assertThat(admitted).isEmpty();
        assertThat(tried).isGreaterThan(100);
    }

    private static boolean takesText(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .anyMatch(type -> type == String.class
                        || type == String[].class
                        || Collection.class.isAssignableFrom(type)
                        || Map.class.isAssignableFrom(type));
    }

    private static boolean refuses(Object subject, Method method) throws IllegalAccessException {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(WellFormedNamesTest::argument)
                .toArray();
        try {
            Object result = method.invoke(subject, arguments);
            if (result instanceof CompletionStage<?> stage) {
                get(stage);
            }
            return false;
        } catch (InvocationTargetException e) {
            return e.getCause() instanceof ValidationException refused
                    && String.valueOf(refused.getMessage()).contains("surrogate");
        } catch (ValidationException e) {
            return String.valueOf(e.getMessage()).contains("surrogate");
        }
    }

    private static @Nullable Object argument(Class<?> type) {
        if (type == String.class) {
            return HALF;
        } else if (type == String[].class) {
            return new String[] {HALF};
        } else if (type == long.class) {
            return 1L;
        } else if (type == int.class) {
            return 1;
        } else if (type == double.class) {
            return 1.0;
        } else if (type == boolean.class) {
            return false;
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        } else if (type == OnceOptions.class) {
            return OnceOptions.timeout(Duration.ofSeconds(1));
        } else if (type == Class.class) {
            return String.class;
        } else if (type == Path.class) {
            return Path.of("file");
        } else if (type == Map.class) {
            return Map.of(HALF, "v");
        } else if (Collection.class.isAssignableFrom(type)) {
            return List.of(HALF);
        } else if (type == Selector.class) {
            return Selector.root();
        } else if (type == Expect.class) {
            return Expect.absent();
        } else if (type == TypeReference.class) {
            return new TypeReference<String>() {};
        } else if (type == Next.class) {
            return Next.delete();
        } else if (type == BuildOptions.class) {
            return BuildOptions.timeout(Duration.ofSeconds(1));
        } else if (type.isInterface()) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> null);
        } else if (type == Object.class) {
            return "v";
        }
        return defaults(type);
    }

    /** Of options. */
    private static @Nullable Object defaults(Class<?> type) {
        try {
            return type.getMethod("defaults").invoke(null);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    @Test
    void settingsAndOptionsRefuseItToo() {
        List<Runnable> calls = List.of(
                () -> Selector.of(HALF),
                () -> Selector.of(List.of(HALF)),
                () -> Selector.pointer("/" + HALF),
                () -> ItemMatch.by(HALF),
                () -> new Guard(HALF, "l", 1),
                () -> new Guard("ns", HALF, 1),
                () -> ReadThroughOptions.of(HALF, String.class, String.class),
                () -> connect()
                        .readThroughCache(ReadThroughOptions.of("c", String.class, String.class))
                        .get(HALF),
                () -> connect().cache().asMap(String.class).put(HALF, "v"),
                () -> connect().cache().asMap(String.class).putIfAbsent(HALF, "v"),
                () -> connect().cache().asMap(String.class).merge(HALF, "v", String::concat),
                () -> connect().transaction().then(writes -> writes.put(HALF, 1)),
                () -> connect().transaction().then(writes -> writes.delete(HALF)),
                () -> connect().transaction().then(writes -> writes.increment(HALF, 1)),
                () -> connect().transaction().otherwise(writes -> writes.edit(HALF, edits -> edits.remove("a"))),
                () -> connect().transaction().then(writes -> writes.edit("d", edits -> edits.remove(HALF))),
                () -> connect().documents().handle("d").at(HALF),
                () -> connect().documents().handle("d").at("a").set(HALF, 1),
                () -> LockOptions.defaults().owner(HALF),
                () -> LockOptions.defaults().reentrant(HALF),
                () -> WatchOptions.cacheKey(HALF),
                () -> WatchOptions.cachePrefix(HALF),
                () -> WatchOptions.buildKey(HALF),
                () -> WatchOptions.buildPrefix(HALF),
                () -> WatchOptions.lockName(HALF),
                () -> WatchOptions.lockPrefix(HALF),
                () -> WatchOptions.semaphoreName(HALF),
                () -> WatchOptions.documentId(HALF),
                () -> WatchOptions.documentPrefix(HALF),
                () -> WatchOptions.cacheKey("k").namespace(HALF),
                () -> ClientConfig.builder().endpoints("a:1").clientName(HALF).build(),
                () -> ClientConfig.builder().endpoints("a:1").namespace(HALF).build(),
                () -> ClientConfig.builder().endpoints("a:1").cluster(HALF).build());
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)::run)
                    .as("call " + i)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("surrogate");
        }
        assertThatThrownBy(() -> ClientConfig.builder()
                        .endpoints("a:1")
                        .authToken("s\u00E9same")
                        .build())
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("authToken");
    }

    private static final class Bytes implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Test
    void wholePairsAreNames() {
        CoordinatorClient client = connect();
        client.cache().put("k\uD83D\uDE00", 1);
        assertThat(client.cache().get("k\uD83D\uDE00")).isPresent();
        assertThat(client.cache().get("k?")).isEmpty();
    }
}
