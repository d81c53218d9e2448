package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetQuota;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a full state still takes. The second replica of the script is restored from its snapshot before each entry, and refuses the same. */
class QuotaTest extends Script {
    private static final String KILO = "\"" + "x".repeat(998) + "\"";

    private void leave(long bytes) {
        quota(core().stateBytes() + bytes);
    }

    private void quota(long max) {
        apply(own(SessionCommand.newBuilder().setSetQuota(SetQuota.newBuilder().setStateBytesMax(max))));
        assertThat(core().stateBytesMax()).isEqualTo(max);
    }

    private int fillUp() {
        int puts = 0;
        while (!session("a").put("k" + puts, KILO).reply().hasError()) {
            puts++;
            session("a").acks(session("a").sent().getSeq());
            assertThat(puts).isLessThan(1_000);
        }
        return puts;
    }

    @Test
    @Feature({"G-15", "G-12"})
    void whatGrowsAFullStateIsRefusedAndEverythingElseGoesOn() {
        session("a").put("small", "1");
        session("a").sliding("sliding", "1", 5_000);
        leave(20_000);
        int keys = fillUp();
        assertThat(keys).isBetween(5, 20);
        quota(core().stateBytes());
        session("a")
                .put("more", KILO)
                .refused(ErrorCode.ENOSPACE, "state-bytes-max")
                .changes();
        session("a").put("small", KILO).refused(ErrorCode.ENOSPACE).changes();
        assertThat(session("a").get("small")).hasValue("1");
        assertThat(session("a").get("more")).isEmpty();
        assertThat(session("a").get("k0")).hasValue(KILO);
        at(1_000).session("a").touch("sliding");
        assertThat(last().replies().get(0).hasError()).isFalse();
        assertThat(session("a").put("k0", "\"shorter\"").reply().hasError()).isFalse();
        session("a").put("more", KILO).refused(ErrorCode.ENOSPACE);
        session("a").delete("k1");
        session("a").delete("k2");
        assertThat(session("a").put("more", KILO).reply().hasError()).isFalse();
        assertThat(session("a").clear("k").reply().hasError()).isFalse();
        assertThat(fillUp()).isPositive();
    }

    @Test
    @Feature({"G-15", "B-11"})
    void aTransactionThatShrinksTheStateInAllPasses() {
        leave(8_000);
        fillUp();
        quota(core().stateBytes());
        TransactionCommand.Builder grows = TransactionCommand.newBuilder().addThen(put("new", KILO));
        session("a").transact(grows).refused(ErrorCode.ENOSPACE).changes();
        TransactionCommand.Builder shrinks = TransactionCommand.newBuilder()
                .addThen(put("new", KILO))
                .addThen(inCache("k0", CacheCommand.newBuilder().setDelete(DeleteValue.getDefaultInstance())))
                .addThen(inCache("k1", CacheCommand.newBuilder().setClear(ClearValues.getDefaultInstance())));
        assertThat(session("a").transact(shrinks).reply().hasError()).isFalse();
        assertThat(session("a").get("new")).hasValue(KILO);
    }

    private static Command put(String key, String json) {
        return inCache(
                key, CacheCommand.newBuilder().setPut(PutValue.newBuilder().setValue(Actor.json(json))));
    }

    private static Command inCache(String key, CacheCommand.Builder operation) {
        return Command.newBuilder()
                .setCache(operation.setNamespace(Actor.NAMESPACE).setKey(key))
                .build();
    }

    @Test
    @Feature("G-15")
    void documentsCountByWhatTheyTakeInMemory() {
        session("a").open("kept", "{\"list\":[]}");
        leave(30_000);
        session("a").open("large", "[" + "0,".repeat(5_000) + "0]").refused(ErrorCode.ENOSPACE);
        assertThat(session("a").document("large").hasInfo()).isFalse();
        String text = "\"" + "x".repeat(1_000) + "\"";
        int pushes = 0;
        while (!session("a").push("kept", "list", text).reply().hasError()) {
            pushes++;
            assertThat(pushes).isLessThan(100);
        }
        assertThat(pushes).isPositive();
        assertThat(last().replies().get(0).getError().getCode()).isEqualTo(ErrorCode.ENOSPACE);
        assertThat(session("a").document("kept", "list").getLength()).isEqualTo(pushes);
        assertThat(session("a").deleteDocument("kept", 0).reply().hasError()).isFalse();
        assertThat(session("a").open("kept", text).reply().hasError()).isFalse();
    }

    @Test
    @Feature("G-15")
    void aSessionOwnsABoundedNumberOfDocuments() {
        withoutShadow();
        int limit = 100_000;
        int batch = 2_000;
        for (int from = 0; from < limit; from += batch) {
            Entry.Builder entry = Entry.newBuilder();
            session("a").acks(session("a").sent().getSeq());
            for (int i = from; i < from + batch; i++) {
                entry.addCommands(session("a").stamp(opening("d" + i)));
            }
            List<Reply> replies = apply(entry).replies();
            assertThat(replies).noneMatch(Reply::hasError);
        }
        session("a").open("one/more", "{}", DocumentKind.EPHEMERAL, 0).refused(ErrorCode.ENOSPACE, "100000");
        assertThat(last().replies().get(0).getError().getMessage())
                .contains("session " + session("a").id());
        assertThat(session("a").open("durable", "{}").reply().hasError()).isFalse();
        session("a").deleteDocument("d7", 0);
        assertThat(session("a")
                        .open("one/more", "{}", DocumentKind.EPHEMERAL, 0)
                        .reply()
                        .hasError())
                .isFalse();
        expire("a");
        int entries = 0;
        while (core().hasWorkLeft()) {
            tick();
            entries++;
        }
        assertThat(entries).isGreaterThan(10);
        assertThat(stats().getDocuments()).isOne();
    }

    private static Command.Builder opening(String id) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace(Actor.NAMESPACE)
                        .setId(id)
                        .setOpen(OpenDocument.newBuilder().setKind(DocumentKind.EPHEMERAL)));
    }
}
