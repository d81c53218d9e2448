package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each value that JSON cannot hold, by each way in which a value can be written: refused, and nothing is sent. */
@Feature({"C-42", "C-40"})
class ValuesTest extends ClientFixture {
    private static final String HALF = "v\uD83D";
    private static final Duration LONG = Duration.ofSeconds(10);

    private record Measured(double value) {}

    private record Named(Map<String, ?> members) {}

    /** What gives a value to the SDK; it may wait for the outcome or give a stage. */
    @FunctionalInterface
    private interface Way {
        @Nullable
        Object take(Object value) throws Exception;
    }

    private static List<Object> numbers() {
        List<Object> bad = new ArrayList<>();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            bad.addAll(List.<Object>of(
                    number,
                    (float) number,
                    List.of(1, number),
                    Map.of("a", Map.of("b", number)),
                    new Measured(number),
                    new double[] {0, number},
                    new float[] {0, (float) number},
                    new Double[] {number},
                    Optional.of(number),
                    OptionalDouble.of(number),
                    new AtomicReference<>(number),
                    DoubleNode.valueOf(number),
                    JsonNodeFactory.instance.objectNode().put("a", number),
                    JsonNodeFactory.instance.arrayNode().add(FloatNode.valueOf((float) number)),
                    JsonNodeFactory.instance.pojoNode(new Measured(number))));
        }
        bad.add(new RawValue("NaN"));
        bad.add(new RawValue("{\"a\":-Infinity}"));
        return bad;
    }

    private static List<Object> texts() {
        return List.<Object>of(
                HALF,
                '\uD83D',
                "\uDE00\uD83D",
                new char[] {'a', '\uDE00'},
                new String[] {"a", HALF},
                List.of(HALF),
                Map.of(HALF, 1),
                new Named(Map.of("a", HALF)),
                new Named(Map.of(HALF, 1)),
                Optional.of(HALF),
                JsonNodeFactory.instance.textNode(HALF),
                JsonNodeFactory.instance.objectNode().put(HALF, 1),
                JsonNodeFactory.instance.pojoNode(HALF),
                new RawValue("\"" + HALF + "\""),
                new RawValue("\"\\ud83d\""));
    }

    private static JsonNode patch(Object value) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject().put("op", "add").put("path", "/a").putPOJO("value", value);
        return patch;
    }

    private static Map<String, Way> ways(CoordinatorClient client) {
        Map<String, Way> ways = new LinkedHashMap<>();
        cache(client, ways);
        documents(client, ways);
        describing(client, ways);
        ways.put("builds.put", value -> client.builds().put("k", value, PutOptions.defaults()));
        ways.put("async builds.put", value -> client.async().builds().put("k", value, PutOptions.defaults()));
        ways.put("transaction.if", value -> client.transaction().whenCache("k", Expect.value(value)));
        ways.put("transaction.if document", value -> client.transaction().whenDocument("d", "a", Expect.value(value)));
        ways.put("transaction.then", value -> client.transaction().then(writes -> writes.put("k", value)));
        ways.put(
                "transaction.then.edit",
                value -> client.transaction().then(writes -> writes.edit("d", edits -> edits.set("a", value))));
        return ways;
    }

    private static void cache(CoordinatorClient client, Map<String, Way> ways) {
        Cache cache = client.cache();
        AsyncCache async = client.async().cache();
        ways.put("put", value -> cache.put("k", value));
        ways.put("put with options", value -> cache.put("k", value, PutOptions.ttl(LONG)));
        ways.put("putAll", value -> cache.putAll(Map.of("k", value)));
        ways.put("compareAndSet expecting", value -> cache.compareAndSet("k", Expect.value(value), Next.delete()));
        ways.put("compareAndSet to", value -> cache.compareAndSet("k", Expect.absent(), Next.value(value)));
        ways.put("async put", value -> async.put("k", value));
        ways.put("async putAll", value -> async.putAll(Map.of("k", value)));
        ways.put("map put", value -> cache.asMap(Object.class).put("k", value));
        ways.put("map putIfAbsent", value -> cache.asMap(Object.class).putIfAbsent("k", value));
    }

    private static void documents(CoordinatorClient client, Map<String, Way> ways) {
        Document document = client.documents().handle("d");
        ways.put(
                "initialContent",
                value -> client.documents().open("other", OpenOptions.defaults().initialContent(value)));
        ways.put("set", value -> document.set("a", value));
        ways.put("set below", value -> document.at("a.b").set("c", value));
        ways.put("push", value -> document.push(1, value));
        ways.put("unshift", document::unshift);
        ways.put("splice", value -> document.splice(0, 0, value));
        ways.put("removeItem", document::removeItem);
        ways.put("removeItem by", value -> document.removeItem(value, ItemMatch.by("id")));
        ways.put("updateItem item", value -> document.updateItem(value, 1, ItemMatch.deep()));
        ways.put("updateItem update", value -> document.updateItem(1, value, ItemMatch.deep()));
        ways.put("replaceItem", value -> document.replaceItem(1, value, ItemMatch.deep()));
        ways.put("setIndex", value -> document.setIndex(0, value));
        ways.put("insert", value -> document.insert(0, value));
        ways.put("replace", document::replace);
        ways.put("merge", document::merge);
        ways.put("compareAndReplace", value -> document.compareAndReplace(1, value));
        ways.put("patch", value -> document.patch(patch(value)));
        ways.put("batch", value -> document.batch(batch -> batch.set("a", 1).set("b", value)));
        ways.put("lenient batch", value -> document.batchLeniently(batch -> batch.push(value)));
        ways.put("async set", value -> client.async().documents().handle("d").set("a", value));
    }

    /** What describes a holder. */
    private static void describing(CoordinatorClient client, Map<String, Way> ways) {
        ways.put(
                "lock",
                value -> client.lock("l").tryAcquire(LockOptions.defaults().contents(value)));
        ways.put(
                "locks",
                value -> client.multiLock("l", "m")
                        .tryAcquire(LockOptions.defaults().contents(value)));
        ways.put(
                "semaphore",
                value -> client.semaphore("s", 1)
                        .tryAcquire(1, LockOptions.defaults().contents(value)));
        ways.put("election", value -> client.election("e").campaign(value));
    }

    @Test
    void noneIsSent() {
        everyWayRefuses(connect());
    }

    /** A mapper of the caller's own changes nothing about it. */
    @Test
    void noneIsSentByACallersMapperEither() {
        everyWayRefuses(connect(config -> config.objectMapper(
                JsonMapper.builder().addModule(new Jdk8Module()).build())));
    }

    private void everyWayRefuses(CoordinatorClient client) {
        Map<String, Way> ways = ways(client);
        int sent = node.commands().size();
        List<Object> values = new ArrayList<>(numbers());
        values.addAll(texts());
        ways.forEach((name, way) -> values.forEach(value -> assertThat(refuses(way, value))
                .as("%s of %s %s", name, value.getClass().getSimpleName(), shown(value))
                .isTrue()));
        assertThat(node.commands()).hasSize(sent);
        assertThat(ways.size() * values.size()).isGreaterThan(2_000);
    }

    private static String shown(Object value) {
        return value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : value.toString();
    }

    private static boolean refuses(Way way, Object value) {
        try {
            if (way.take(value) instanceof CompletionStage<?> stage) {
                get(stage);
            }
            return false;
        } catch (ValidationException e) {
            return true;
        } catch (Exception e) {
            throw new AssertionError("refused otherwise: " + value, e);
        }
    }

    @Test
    void aBuildThatMakesOneFailsForItsCallerWhoGetsItAttached() {
        Builds builds = connect().builds();
        List<Object> values = new ArrayList<>(numbers());
        values.addAll(texts());
        for (Object value : values) {
            ValidationException refused = refusal(() -> builds.getOrBuild("k", Object.class, context -> value, LONG));
            assertThat(refused.functionResult().orElseThrow()).isSameAs(value);
        }
        assertThat(builds.status("k").state()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(builds.<Object, RuntimeException>getOrBuild(
                        "k",
                        Object.class,
                        context -> {
                            for (Object value : values) {
                                refusal(() -> context.progress(value));
                            }
                            return "done";
                        },
                        LONG))
                .isEqualTo("done");
    }

    @Test
    void incrementsByNoNumberAreRefused() {
        CoordinatorClient client = connect();
        for (double by : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            refusal(() -> client.cache().incrementDecimal("n", by));
            refusal(() -> get(client.async().cache().incrementDecimal("n", by)));
            refusal(() -> client.documents().handle("d").incrementDecimal(by));
            refusal(() -> client.documents().handle("d").at("n").incrementDecimal(by));
            refusal(() -> get(client.async().documents().handle("d").incrementDecimal(by)));
            refusal(() -> client.documents().handle("d").batch(batch -> batch.incrementDecimal(by)));
        }
        assertThat(node.commands()).isEmpty();
    }

    private static ValidationException refusal(Runnable call) {
        try {
            call.run();
        } catch (ValidationException e) {
            return e;
        }
        throw new AssertionError("not refused");
    }

    @Test
    void whatIsWrongIsSaid() {
        Cache cache = connect().cache();
        assertThat(refusal(() -> cache.put("k", Map.of("a", List.of(1, new Measured(Double.NaN))))))
                .hasMessageContaining("NaN")
                .hasMessageContaining("value");
        assertThat(refusal(() -> cache.put("k", Map.of("a", HALF))))
                .hasMessageContaining("half of a surrogate pair")
                .hasMessageContaining("[\"a\"]");
        assertThat(refusal(() -> cache.put("k", holdingItself()))).hasMessageContaining("cannot be written");
    }

    private static Map<String, Object> holdingItself() {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        return map;
    }

    @Test
    void whatOnlyLooksLikeItIsWritten() {
        Cache cache = connect().cache();
        for (Object value :
                List.<Object>of("NaN", "Infinity", "\uD83D\uDE00", "", Double.MAX_VALUE, Float.MIN_VALUE, -0.0)) {
            cache.put("k", value);
            Object back = cache.get("k").orElseThrow().as(value.getClass());
            assertThat(back).isEqualTo(value);
        }
        cache.put("k", new RawValue("{\"a\": 1e400}"));
        assertThat(cache.get("k").orElseThrow().json()).asString().isEqualTo("{\"a\": 1e400}");
    }
}
