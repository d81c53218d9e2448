package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CacheCondition;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The same expectation has the same answer, whatever it is asked with: a compare-and-set, or a transaction about the
 * cache or a document.
 */
@Feature({"C-48", "A-15", "PM-ATOM-7", "B-11"})
class ExpectationsTest extends Script {
    private static final String NONE = "none";
    /** Before a value that is stored as opaque. */
    private static final String OPAQUE = "opaque ";

    private static final List<String> STORED = List.of(
            NONE,
            "null",
            " null\n",
            "1",
            "1.0",
            "\"1\"",
            "\"null\"",
            "{\"a\":1,\"b\":[null]}",
            "{\"b\":[ null ],\"a\":1.0}",
            "[]",
            "false",
            OPAQUE + "null",
            OPAQUE + "1",
            OPAQUE + "\u0000");

    /** By what they are called; a revision stands for a difference to that of the entry. */
    private static Map<String, Expectation> expectations(long revision) {
        Map<String, Expectation> all = new LinkedHashMap<>();
        all.put("absent", Expectation.newBuilder().setAbsent(true).build());
        all.put("absent or null", Expectation.newBuilder().setAbsentOrNull(true).build());
        all.put("revision 0", Expectation.newBuilder().setRevision(0).build());
        all.put("its revision", Expectation.newBuilder().setRevision(revision).build());
        all.put(
                "another revision",
                Expectation.newBuilder().setRevision(revision + 1_000).build());
        for (String value : STORED) {
            if (!value.equals(NONE) && !value.startsWith(OPAQUE)) {
                all.put(
                        "value " + value,
                        Expectation.newBuilder().setValue(Actor.json(value)).build());
            }
        }
        return all;
    }

    @Test
    void compareAndSetAndTransactionsAgree() {
        int key = 0;
        for (String stored : STORED) {
            for (String what : expectations(1).keySet()) {
                String name = "k" + key++;
                store(name, stored);
                long revision =
                        session("a").entry(name).map(CacheEntry::getModRevision).orElse(0L);
                Expectation expect =
                        Objects.requireNonNull(expectations(revision).get(what));
                String asked = asked(expect, name);
                assertThat(compared(expect, name)).as("%s, %s", stored, what).isEqualTo(asked);
            }
        }
    }

    @Test
    void keysAndDocumentsAgree() {
        int key = 0;
        for (String stored : STORED) {
            if (stored.startsWith(OPAQUE)) {
                continue;
            }
            String name = "k" + key++;
            store(name, stored);
            session("a").open(name, stored.equals(NONE) ? "{}" : "{\"m\":" + stored + "}");
            expectations(1).forEach((what, expect) -> {
                if (!expect.hasRevision()) {
                    assertThat(asked(document(expect, name)))
                            .as("%s, %s", stored, what)
                            .isEqualTo(asked(expect, name));
                }
            });
        }
        // No document is nothing at all.
        Expectation absent = Expectation.newBuilder().setAbsent(true).build();
        Expectation revision = Expectation.newBuilder().setRevision(0).build();
        assertThat(asked(document(absent, "no document"))).isEqualTo("true");
        assertThat(asked(document(revision, "no document"))).isEqualTo("true");
        assertThat(asked(document(revision, "k0"))).isEqualTo("false");
    }

    private void store(String key, String stored) {
        if (stored.startsWith(OPAQUE)) {
            session("a").opaque(key, Actor.json(stored.substring(OPAQUE.length())));
        } else if (!stored.equals(NONE)) {
            session("a").put(key, stored);
        }
    }

    private static Condition document(Expectation expect, String id) {
        return Condition.newBuilder()
                .setDocument(DocumentCondition.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId(id)
                        .addPath("m")
                        .setExpect(expect))
                .build();
    }

    private String asked(Expectation expect, String key) {
        return asked(Condition.newBuilder()
                .setCache(CacheCondition.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setKey(key)
                        .setExpect(expect))
                .build());
    }

    private String asked(Condition condition) {
        Reply reply = session("a")
                .transact(TransactionCommand.newBuilder().addConditions(condition))
                .reply();
        return reply.hasError()
                ? reply.getError().getCode().toString()
                : String.valueOf(reply.getTransaction().getHeld());
    }

    private String compared(Expectation expect, String key) {
        Reply reply = session("a").compareAndSet(key, expect.toBuilder(), "2").reply();
        return reply.hasError()
                ? reply.getError().getCode().toString()
                : String.valueOf(reply.getCache().getCompared().getApplied());
    }
}
