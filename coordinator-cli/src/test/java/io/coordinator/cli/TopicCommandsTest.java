package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands about topics and consumer groups against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicCommandsTest {
    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    TopicCommandsTest(@TempDir Path directory) throws Exception {
        this.node = RealNode.start(directory);
        this.client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build());
    }

    @BeforeEach
    void newConsole() {
        console = console();
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    private TestConsole console() {
        return new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    private String run(String... arguments) {
        assertThat(console.run(arguments)).as("%s", console.err()).isZero();
        return console.out().strip();
    }

    private List<JsonNode> lines(String... arguments) {
        return run(arguments).lines().map(Json::parse).toList();
    }

    private static List<String> values(List<JsonNode> lines) {
        return lines.stream().map(line -> line.path("value").toString()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--durable", "--replay=all", "--group=g"})
    void aPatternIsNoNameOfADurableTopic(String option) {
        assertThat(console.run("sub", "kept.*", option)).isEqualTo(3);
        assertThat(console.err()).contains("'kept.*'").contains("patterns are for topics that are not kept");
    }

    // ---- pub and sub of what is not kept ----

    @Test
    @Feature({"PM-PS-2", "U-07"})
    void messagesArePublishedToWhoeverSubscribes() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (TopicSubscription subscription =
                client.topics().subscribe("news.*", message -> heard.add(Json.line(message.json())))) {
            assertThat(run("pub", "news.a", "{\"n\": 1.50}")).isEqualTo("1");
            assertThat(run("pub", "news.b", "two", "--string", "-o", "json"))
                    .isEqualTo("{\"topic\":\"news.b\",\"sessions\":1}");
            console.input("3\n\n[4]\n");
            assertThat(run("pub", "news.c", "-").lines()).containsExactly("1", "1");
            for (String value : List.of("{\"n\":1.50}", "\"two\"", "3", "[4]")) {
                assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(value);
            }
            assertThat(subscription.isActive()).isTrue();
        }
        assertThat(run("pub", "silence", "1")).isEqualTo("0");
        assertThat(console.err()).isEmpty();
    }

    @Test
    void whoPublishesPastADurableTopicIsToldSo() {
        run("pub", "kept", "1", "--durable");
        assertThat(run("pub", "kept", "2")).isEqualTo("0");
        assertThat(console.err()).contains("for the durable topic of that name add --durable");
        TestConsole reader = console();
        CompletableFuture<Integer> reading =
                CompletableFuture.supplyAsync(() -> reader.run("sub", "kept", "--count", "1"));
        await().until(() -> reader.err().contains("for the durable topic 'kept' add --durable"));
        assertThat(run("pub", "kept", "3")).isEqualTo("1");
        assertThat(reading.orTimeout(60, TimeUnit.SECONDS).join()).isZero();
    }

    @Test
    @Feature("PM-PS-3")
    void messagesArePrintedAsTheyCome() {
        TestConsole reader = console();
        CompletableFuture<Integer> reading =
                CompletableFuture.supplyAsync(() -> reader.run("sub", "live.*", "--count", "2"));
        await().until(() -> client.topics().publish("live.a", 1) > 0);
        client.topics().publish("live.b", "two");
        client.topics().publish("live.c", 3);
        assertThat(reading.orTimeout(60, TimeUnit.SECONDS).join()).isZero();
        List<JsonNode> lines = reader.outLines().stream().map(Json::parse).toList();
        assertThat(values(lines)).containsExactly("1", "\"two\"");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("publisher").asLong()).isEqualTo(client.sessionId()));
        assertThat(reader.err()).isEmpty();
    }

    // ---- durable topics ----

    @Test
    @Feature({"B-25", "U-07"})
    void whatIsKeptIsReadAgainFromAnyPlace() {
        Instant before = Instant.now().minusSeconds(1);
        assertThat(run("pub", "log", "1", "--durable", "--key", "k")).isEqualTo("1");
        console.input("2\n3\n");
        assertThat(run("pub", "log", "-", "--durable").lines()).containsExactly("2", "3");
        List<JsonNode> all = lines("sub", "log", "--replay", "all", "--no-wait");
        assertThat(values(all)).containsExactly("1", "2", "3");
        assertThat(all.get(0).path("key").asText()).isEqualTo("k");
        assertThat(all.get(2).path("offset").asLong()).isEqualTo(3);
        assertThat(Instant.parse(all.get(0).path("time").asText())).isBetween(before, Instant.now());
        assertThat(values(lines("sub", "log", "--replay", "1", "--no-wait"))).containsExactly("3");
        assertThat(values(lines("sub", "log", "--replay", "@2", "--count", "1")))
                .containsExactly("2");
        assertThat(values(lines("sub", "log", "--replay", "1h", "--no-wait"))).hasSize(3);
        assertThat(values(lines("sub", "log", "--replay", before.toString(), "--no-wait")))
                .hasSize(3);
        assertThat(run("sub", "log", "--replay", "all", "--count", "1", "-o", "table"))
                .matches("1 +\\S+Z k 1");
    }

    @Test
    @Feature("B-25")
    void aGapIsToldInOneLine() {
        console.input("1\n2\n3\n");
        run("pub", "trimmed", "-", "--durable");
        assertThat(run("topic", "purge", "trimmed", "--before", "3")).isEqualTo("3");
        for (String way : List.of("--no-wait", "--count=1")) {
            assertThat(values(lines("sub", "trimmed", "--replay", "all", way))).containsExactly("3");
            assertThat(console.err())
                    .isEqualTo("coordinator sub: missed messages 1 to 2: the topic does not keep them any more\n");
        }
        assertThat(run("topic", "purge", "trimmed")).isEqualTo("4");
        assertThat(run("sub", "trimmed", "--replay", "5", "--no-wait")).isEmpty();
    }

    @Test
    @Feature("B-25")
    void topicsAreMadeShownAndDeleted() {
        String[] create = {"topic", "create", "made/a", "--max-messages", "5", "--max-age", "1h", "--refuse-new"};
        assertThat(run(create)).isEqualTo("created");
        assertThat(run(create)).isEqualTo("exists");
        assertThat(console.run("topic", "create", "made/a")).isEqualTo(3);
        assertThat(run("topic", "create", "made/b", "--discard-acknowledged", "-o", "json"))
                .isEqualTo("{\"topic\":\"made/b\",\"created\":true}");
        run("pub", "made/a", "1", "--durable");
        assertThat(run("topic", "ls", "made/").lines()).hasSize(3);
        assertThat(console.outLines().get(1)).matches("made/a +1 +1 +2 +\\d+ +0");
        assertThat(run("topic", "ls", "made/", "--limit", "1").lines()).hasSize(2);
        assertThat(run("topic", "show", "made/a")).contains("keeps up to 5 messages", "for 1h00m; refuses new ones");
        JsonNode shown = Json.parse(run("topic", "show", "made/b", "-o", "json"));
        assertThat(shown.at("/options/discardsAcknowledged").asBoolean()).isTrue();
        assertThat(shown.at("/options/bytesMax").asLong()).isEqualTo(64 << 20);
        assertThat(shown.at("/messages").asLong()).isZero();
        assertThat(console.run("get", "made/a")).isEqualTo(3);
        assertThat(console.err()).contains("there is a durable topic of that name: coordinator topic show 'made/a'");
        run("topic", "delete", "made/a");
        for (String command : List.of("topic delete", "topic show", "topic purge", "group redrive", "group ls")) {
            assertThat(console.run((command + " made/a").split(" ", -1))).isEqualTo(3);
            assertThat(console.err()).contains("made/a").hasLineCount(1);
        }
        assertThat(console.run("sub", "made/a", "--replay", "all", "--no-wait")).isEqualTo(3);
    }

    // ---- groups ----

    @Test
    @Feature("B-25")
    void aGroupSharesMessagesAndRemembersWhatWasPrinted() {
        console.input("1\n2\n3\n");
        run("pub", "queue", "-", "--durable");
        List<JsonNode> first = lines("sub", "queue", "--group", "g", "--replay", "all", "--count", "2");
        assertThat(values(first)).containsExactly("1", "2");
        assertThat(first.get(0).path("attempt").asInt()).isEqualTo(1);
        JsonNode shown = Json.parse(run("group", "show", "queue", "g", "-o", "json"));
        assertThat(shown.at("/lag").asLong()).isEqualTo(1);
        assertThat(shown.at("/oldestOffset").asLong()).isEqualTo(3);
        assertThat(shown.at("/options/deadLetterTopic").asText()).isEqualTo("queue.g.dead");
        assertThat(values(lines("sub", "queue", "--group", "g", "--replay", "all", "--count", "1")))
                .containsExactly("3");
        assertThat(console.err()).isEmpty();
        assertThat(run("group", "show", "queue", "g"))
                .contains("delivers for 30.0s at a time, up to 5 times; then to 'queue.g.dead'");
        assertThat(run("group", "ls", "queue").lines()).hasSize(2);
        assertThat(Json.parse(run("group", "-o", "json")).findValuesAsText("topic"))
                .contains("queue");
        assertThat(run("topic", "show", "queue")).contains("queue  g ");
        assertThat(console.run("group", "show", "queue", "nobody")).isEqualTo(3);
        assertThat(console.err()).contains("no group 'nobody' of topic 'queue'");
    }

    @Test
    @Feature("B-25")
    void aNewGroupBeginsAtTheEndWithTheUsualOptions() {
        run("pub", "fresh", "1", "--durable");
        TestConsole member = console();
        CompletableFuture<Integer> reading =
                CompletableFuture.supplyAsync(() -> member.run("sub", "fresh", "--group", "g", "--count", "1"));
        await().until(() -> console.run("group", "show", "fresh", "g") == 0);
        assertThat(console.out()).contains("delivers for 30.0s at a time, up to 5 times; then to 'fresh.g.dead'");
        run("pub", "fresh", "2", "--durable");
        assertThat(reading.orTimeout(60, TimeUnit.SECONDS).join()).isZero();
        assertThat(values(member.outLines().stream().map(Json::parse).toList())).containsExactly("2");
    }

    @Test
    @Feature("B-25")
    void membersAreShown() {
        DurableTopic topic = client.durableTopics().topic("watched");
        topic.publish(1);
        topic.group("g").configure(GroupOptions.defaults().oneAtATime(), StartAt.latest());
        try (GroupConsumer consumer = topic.group("g").consume(delivery -> {})) {
            consumer.started().toCompletableFuture().join();
            await().until(() -> Json.parse(run("group", "show", "watched", "g", "-o", "json"))
                            .at("/memberList/0/turnToken")
                            .asLong()
                    > 0);
            assertThat(run("group", "show", "watched", "g")).contains("TURN", "to one member at a time");
        }
    }

    @Test
    @Feature({"B-25", "U-07"})
    void aDurableTopicIsWatchedAsOtherData(@TempDir Path files) throws Exception {
        run("pub", "seen", "1", "--durable");
        Process watch = CliProcess.start(
                files,
                Map.of("COORD_ENDPOINTS", node.endpoint()),
                "watch",
                "see",
                "--prefix",
                "--data",
                "topic",
                "--from-revision",
                "1");
        await().until(() -> CliProcess.out(files).lines().count() == 1);
        run("pub", "seen", "{\"n\": 1.50}", "--durable");
        run("topic", "delete", "seen");
        await().until(() -> CliProcess.out(files).lines().count() == 3);
        CliProcess.signal("INT", watch);
        assertThat(CliProcess.exitCode(watch)).isEqualTo(130);
        List<JsonNode> heard =
                CliProcess.out(files).lines().map(line -> Json.parse(line)).toList();
        assertThat(heard)
                .extracting(change -> change.get("data").asText()
                        + ' '
                        + change.get("kind").asText()
                        + ' '
                        + change.get("key").asText())
                .containsExactly("topic published seen", "topic published seen", "topic deleted seen");
        assertThat(heard.get(1).get("value")).isEqualTo(Json.parse("{\"n\": 1.50}"));
    }

    @Test
    @Feature({"B-25", "PM-STAT-1"})
    void statsShowTheGroupsThatAreFurthestBehind() {
        DurableTopic topic = client.durableTopics().topic("stats");
        topic.group("slow").configure(GroupOptions.defaults(), StartAt.earliest());
        for (int i = 0; i < 500; i++) {
            topic.publish(i);
        }
        assertThat(run("stats")).contains("group lag", "REDELIVERIES", "slow");
        JsonNode stats = Json.parse(run("stats", "-o", "json"));
        assertThat(stats.get("groupLag").asLong()).isGreaterThanOrEqualTo(500);
        JsonNode group = stats.get("groupList").get(0);
        assertThat(group.get("namespace").asText()).isEqualTo("default");
        assertThat(group.get("topic").asText()).isEqualTo("stats");
        assertThat(group.get("lag").asLong()).isEqualTo(500);
    }

    @Test
    @Feature("B-25")
    void deadLettersArePublishedAgain() {
        DurableTopic topic = client.durableTopics().topic("broken");
        topic.publish("bad");
        topic.group("g").configure(GroupOptions.defaults(), StartAt.earliest());
        try (GroupConsumer consumer = topic.group("g").consume(delivery -> delivery.bury("torn"))) {
            await().until(() ->
                    client.durableTopics().topic("broken.g.dead").inspect().isPresent());
            assertThat(consumer.isActive()).isTrue();
        }
        JsonNode letter =
                lines("sub", "broken.g.dead", "--replay", "all", "--no-wait").get(0);
        assertThat(letter.at("/deadLetter/reason").asText()).isEqualTo("torn");
        assertThat(letter.at("/deadLetter/topic").asText()).isEqualTo("broken");
        assertThat(run("group", "redrive", "broken.g.dead", "--count", "5")).isEqualTo("1");
        assertThat(run("group", "redrive", "broken.g.dead", "-o", "json"))
                .isEqualTo("{\"topic\":\"broken.g.dead\",\"redriven\":0}");
        assertThat(values(lines("sub", "broken", "--group", "g", "--count", "1")))
                .containsExactly("\"bad\"");
    }

    // ---- mistakes ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pub a",
                "pub a hello",
                "pub a 1 --key k",
                "sub a --count 0",
                "sub a --no-wait",
                "sub a --group g --replay all --no-wait",
                "sub a --replay soon",
                "sub a --replay 2026-13-01T00:00:00Z",
                "sub a --replay +1000000000-12-31T00:00:00Z",
                "topic create a --max-messages -1",
                "topic purge a --before some",
                "group show a",
                "group redrive a --count 0"
            })
    void wrongUsageIsTwo(String line) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).hasLineCount(1).doesNotContain("\tat ");
    }

    @Test
    void aBadLineIsNamedAndThoseBeforeItArePublished() {
        console.input("1\n2\noops\n4\n");
        assertThat(console.run("pub", "lines", "-", "--durable")).isEqualTo(2);
        assertThat(console.out()).isEqualTo("1\n2\n");
        assertThat(console.err()).contains("line 3: 'oops' is not JSON").contains("the lines before it are published");
    }
}
