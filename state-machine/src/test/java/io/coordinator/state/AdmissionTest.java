package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ScanValues;
import io.coordinator.state.session.Session;
import io.coordinator.testing.feature.Feature;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Limits LIMITS = new Limits(100, 200, 16, 1_000, 2_000, 8);
    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(1_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    private final Coordinator core = new Coordinator(LIMITS);

    private static Command.Builder put(String key, String json) {
        Command.Builder command = Command.newBuilder().setSessionId(1).setSeq(1);
        command.getCacheBuilder()
                .setNamespace("default")
                .setKey(key)
                .setPut(PutValue.newBuilder().setValue(ByteString.copyFromUtf8(json)));
        return command;
    }

    private void refuses(Command.Builder command, ErrorCode code, String message) {
        assertThat(core.refuse(command.build())).hasValueSatisfying(error -> {
            assertThat(error.getCode()).isEqualTo(code);
            assertThat(error.getMessage()).contains(message);
        });
    }

    @Test
    void admitsWhatIsRight() {
        assertThat(core.refuse(put("k", "1").build())).isEmpty();
    }

    @Test
    @Feature("G-15")
    void boundsEverySize() {
        refuses(put("k", "\"" + "x".repeat(99) + "\""), ErrorCode.ETOOLARGE, "value has 101 bytes");
        refuses(put("x".repeat(17), "1"), ErrorCode.ETOOLARGE, "key has 17 bytes");
        refuses(put("\u20AC".repeat(6), "1"), ErrorCode.ETOOLARGE, "key has 18 bytes");
        Command.Builder large = put("k", "1");
        large.getGuardBuilder().setNamespace("default").setLock("x".repeat(300));
        refuses(large, ErrorCode.ETOOLARGE, "the command has");
    }

    @Test
    @Feature("U-15")
    void whatIsTooLongIsAdvisedWhatCanBeDone() {
        refuses(
                put("x".repeat(17), "1"),
                ErrorCode.ETOOLARGE,
                "key has 17 bytes and the limit is 16; use a shorter one");
        refuses(
                put("k", "\"" + "x".repeat(99) + "\""),
                ErrorCode.ETOOLARGE,
                "value has 101 bytes and the limit is 100; make it smaller, or raise value-bytes-max on every node");
        Command.Builder large = put("k", "1");
        large.getGuardBuilder().setNamespace("default").setLock("x".repeat(4 << 20));
        refuses(large, ErrorCode.ETOOLARGE, "send less at once, or raise request-bytes-max on every node");
        assertThat(new Coordinator(Limits.DEFAULT).refuse(large.build()))
                .hasValueSatisfying(error -> assertThat(error.getMessage()).endsWith("; send less at once"));
    }

    @Test
    void namesAreNotEmptyAndWithoutNul() {
        refuses(put("", "1"), ErrorCode.EINVAL, "key is empty");
        refuses(put("a\0b", "1"), ErrorCode.EINVAL, "NUL");
        Command.Builder noNamespace = put("k", "1");
        noNamespace.getCacheBuilder().setNamespace("");
        refuses(noNamespace, ErrorCode.EINVAL, "namespace is empty");
    }

    @Test
    void fieldsOfANewerVersionAreNotIgnored() {
        refuses(put("k", "1").setUnknownFields(NEWER), ErrorCode.EUNKNOWN, "Command");
        Command.Builder inType = put("k", "1");
        inType.getCacheBuilder().setUnknownFields(NEWER);
        refuses(inType, ErrorCode.EUNKNOWN, "CacheCommand");
        Command.Builder inOperation = put("k", "1");
        inOperation.getCacheBuilder().getPutBuilder().setUnknownFields(NEWER);
        refuses(inOperation, ErrorCode.EUNKNOWN, "PutValue");
    }

    @Test
    void anOperationWaitsForEveryMemberToKnowIt() {
        Admission admission = new Admission(LIMITS, new State().types);
        assertThat(admission.refuse(put("k", "1").build(), 1)).isEmpty();
        assertThat(admission.refuse(put("k", "1").build(), 0))
                .hasValueSatisfying(error -> assertThat(error.getCode()).isEqualTo(ErrorCode.EUNKNOWN));
    }

    @Test
    @Feature("G-15")
    void aSessionThatLeavesTooMuchUnacknowledgedIsAskedToWait() {
        assertThat(core.refuse(put("k", "1").setSeq(8).build())).isEmpty();
        assertThat(core.refuse(put("k", "1").setSeq(9).setAckedSeq(1).build())).isEmpty();
        refuses(put("k", "1").setSeq(9), ErrorCode.EBUSY, "acknowledge");
        assertThat(core.refuse(put("k", "1").setSeq(9).build()))
                .hasValueSatisfying(
                        (Error error) -> assertThat(error.getRetryAfterMillis()).isPositive());
        refuses(put("k", "1").setSeq(0), ErrorCode.EINVAL, "seq");
    }

    @Test
    void deepOrLongJsonIsRefused() {
        Coordinator roomy = new Coordinator(Limits.DEFAULT);
        assertThat(roomy.refuse(put("k", "[".repeat(256) + "]".repeat(256)).build()))
                .isEmpty();
        assertThat(roomy.refuse(put("k", "[".repeat(257) + "]".repeat(257)).build()))
                .isPresent();
        assertThat(roomy.refuse(put("k", "1".repeat(400)).build())).isEmpty();
        assertThat(roomy.refuse(put("k", "1".repeat(401)).build())).isPresent();
    }

    @Test
    void queriesAreCheckedToo() {
        assertThat(core.refuse(scan("default", "a", "ab"))).isEmpty();
        assertThat(core.refuse(scan("default", "", ""))).isEmpty();
        assertThat(core.refuse(scan("", "a", ""))).isPresent();
        assertThat(core.refuse(scan("default", "a", "b"))).isPresent();
        assertThat(core.refuse(scan("default", "a\0", ""))).isPresent();
        assertThat(core.refuse(scan("default", "a", "").toBuilder()
                        .setUnknownFields(NEWER)
                        .build()))
                .isPresent();
    }

    private static Query scan(String namespace, String prefix, String after) {
        return Query.newBuilder()
                .setCache(CacheQuery.newBuilder()
                        .setNamespace(namespace)
                        .setKey(prefix)
                        .setScan(ScanValues.newBuilder().setAfter(after)))
                .build();
    }

    @Test
    void limitsStayBelowWhatTheCoreItselfEnforces() {
        assertThatThrownBy(() -> new Limits(1, 1, 1, 1, 1, Session.UNACKNOWLEDGED_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unacknowledgedMax");
    }

    /** None of them is read: they are no JSON. */
    @Test
    @Feature({"C-02", "C-08"})
    void manySmallValuesAreRefusedBeforeTheyAreRead() {
        Coordinator usual = new Coordinator(Limits.DEFAULT);
        DocumentEdit push = edit(AddItems.newBuilder(), 50_000);
        DocumentEdit more = edit(AddItems.newBuilder(), 50_001);
        Command.Builder pushes = edits(List.of(push, more));
        assertThat(usual.refuse(pushes.build())).hasValueSatisfying(AdmissionTest::isOfSmallValues);

        Command part = edits(List.of(push)).clearSessionId().clearSeq().build();
        Command.Builder transaction = Command.newBuilder().setSessionId(1).setSeq(1);
        transaction.getTransactionBuilder().addThen(part).addOtherwise(part).addThen(part);
        assertThat(usual.refuse(transaction.build())).hasValueSatisfying(AdmissionTest::isOfSmallValues);

        Command.Builder puts = Command.newBuilder().setSessionId(1).setSeq(1);
        CacheCommand.Builder put = CacheCommand.newBuilder().setNamespace("n");
        for (int i = 0; i < 1_000; i++) {
            put.getPutAllBuilder().addValuesBuilder().setKey("k" + i).setValue(ByteString.copyFromUtf8("?"));
        }
        for (int i = 0; i < 101; i++) {
            puts.getTransactionBuilder().addThen(Command.newBuilder().setCache(put));
        }
        assertThat(usual.refuse(puts.build())).hasValueSatisfying(AdmissionTest::isOfSmallValues);
    }

    @Test
    void asManySmallValuesAsMayBeAreRead() {
        Coordinator usual = new Coordinator(Limits.DEFAULT);
        DocumentEdit push = edit(AddItems.newBuilder(), 50_000);
        assertThat(usual.refuse(edits(List.of(push, push)).build()))
                .hasValueSatisfying(error -> assertThat(error.getMessage()).contains("is not a JSON value"));
    }

    private static DocumentEdit edit(AddItems.Builder items, int count) {
        return DocumentEdit.newBuilder()
                .setPush(items.addAllValues(Collections.nCopies(count, ByteString.copyFromUtf8("?"))))
                .build();
    }

    private static Command.Builder edits(List<DocumentEdit> edits) {
        Command.Builder command = Command.newBuilder().setSessionId(1).setSeq(1);
        command.getDocumentBuilder()
                .setNamespace("n")
                .setId("d")
                .setEdit(EditDocument.newBuilder().addAllEdits(edits));
        return command;
    }

    private static void isOfSmallValues(Error error) {
        assertThat(error.getCode()).isEqualTo(ErrorCode.EINVAL);
        assertThat(error.getMessage()).contains("the number of edits and values", "use 100000 or less");
    }
}
