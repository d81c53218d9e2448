package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.Condition;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentCondition;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Guard;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RemoveMember;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.Rules;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every field that a client can send has a rule, and the rule holds. */
@Feature({"G-15", "C-03", "C-07"})
class FieldRulesTest {
    private static final String HALF = "k\uD83D";
    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final MessageGate gate = new MessageGate(Limits.DEFAULT);

    @Test
    void everyFieldThatAClientCanSendHasARule() {
        Set<Descriptor> types = new LinkedHashSet<>();
        for (MethodDescriptor method : ClientFrame.getDescriptor()
                .getFile()
                .findServiceByName("CoordinatorService")
                .getMethods()) {
            reach(method.getInputType(), types);
        }
        // What the cluster makes of a Hello.
        reach(OpenSession.getDescriptor(), types);
        List<String> without = new ArrayList<>();
        for (Descriptor type : types) {
            for (FieldDescriptor field : type.getFields()) {
                if (!hasRule(field)) {
                    without.add(field.getFullName());
                }
            }
        }
        assertThat(without).isEmpty();
        assertThat(types).hasSizeGreaterThan(70);
    }

    private static void reach(Descriptor type, Set<Descriptor> types) {
        if (types.add(type)) {
            type.getFields().stream()
                    .filter(field -> field.getJavaType() == JavaType.MESSAGE)
                    .forEach(field -> reach(field.getMessageType(), types));
        }
    }

    private static boolean hasRule(FieldDescriptor field) {
        boolean needsOne = field.isRepeated()
                || field.getJavaType() == JavaType.STRING
                || field.getJavaType() == JavaType.BYTE_STRING;
        if (!needsOne) {
            return true;
        }
        return field.getOptions().hasExtension(Rules.rule)
                && (!field.isRepeated()
                        || field.getOptions().getExtension(Rules.rule).getItemsMax() > 0);
    }

    private static Command.Builder command() {
        return Command.newBuilder().setSessionId(1).setSeq(1);
    }

    private static Command cache(Consumer<CacheCommand.Builder> body) {
        Command.Builder command = command();
        body.accept(command.getCacheBuilder().setNamespace("default"));
        return command.build();
    }

    private static Command put(String key, ByteString value) {
        return cache(body -> body.setKey(key).setPut(PutValue.newBuilder().setValue(value)));
    }

    private static Command edit(DocumentEdit edit) {
        return command()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace("default")
                        .setId("d")
                        .setEdit(EditDocument.newBuilder().addEdits(edit)))
                .build();
    }

    private static Command lock(Consumer<LockCommand.Builder> body) {
        Command.Builder command = command();
        body.accept(command.getLockBuilder().setNamespace("default").addNames("l"));
        return command.build();
    }

    private static void refused(Optional<Error> refusal, ErrorCode code, String text) {
        assertThat(refusal).hasValueSatisfying(error -> {
            assertThat(error.getCode()).as(error.getMessage()).isEqualTo(code);
            assertThat(error.getMessage()).contains(text);
            assertThat(error.getMessage()).hasSizeLessThan(500);
        });
    }

    private static ByteString json(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Test
    @Feature("C-40")
    void halfASurrogatePairIsNoNameAnywhere() {
        refused(core.refuse(put(HALF, json("1"))), ErrorCode.EINVAL, "key contains half of a surrogate pair");
        refused(core.refuse(put("\uDE00\uD83D", json("1"))), ErrorCode.EINVAL, "key");
        refused(core.refuse(lock(body -> body.setNames(0, HALF))), ErrorCode.EINVAL, "lock name");
        refused(
                core.refuse(
                        lock(body -> body.setAcquire(AcquireLock.newBuilder().setOwner(HALF)))),
                ErrorCode.EINVAL,
                "owner");
        refused(
                core.refuse(edit(DocumentEdit.newBuilder()
                        .setRemove(RemoveMember.newBuilder().setName(HALF))
                        .build())),
                ErrorCode.EINVAL,
                "name");
        refused(gate.refuse(hello().setClientName(HALF).build()), ErrorCode.EINVAL, "client_name");
        assertThat(core.refuse(put("k\uD83D\uDE00", json("1")))).isEmpty();
    }

    @Test
    void jsonIsWellFormedUtf8() {
        ByteString halfInUtf8 = ByteString.copyFrom(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, '"'});
        refused(core.refuse(put("k", halfInUtf8)), ErrorCode.EINVAL, "value is not a JSON value in UTF-8");
        refused(core.refuse(put("k", ByteString.EMPTY)), ErrorCode.EINVAL, "value");
        refused(
                core.refuse(cache(body -> body.setKey("k")
                        .setCompareAndSet(CompareAndSet.newBuilder()
                                .setExpect(Expectation.newBuilder().setValue(halfInUtf8))))),
                ErrorCode.EINVAL,
                "value");
        refused(
                core.refuse(command()
                        .setBuild(BuildCommand.newBuilder()
                                .setNamespace("default")
                                .setKey("b")
                                .setFail(FailBuild.newBuilder()
                                        .setFailure(BuildFailure.newBuilder().setData(halfInUtf8))))
                        .build()),
                ErrorCode.EINVAL,
                "data");
    }

    @Test
    void namesOfMembersAndStepsOfPathsAreBounded() {
        String tooLong = "m".repeat(1_025);
        refused(
                core.refuse(edit(DocumentEdit.newBuilder()
                        .setSet(SetMember.newBuilder().setName(tooLong).setValue(json("1")))
                        .build())),
                ErrorCode.ETOOLARGE,
                "name has 1025 bytes");
        refused(
                core.refuse(edit(DocumentEdit.newBuilder()
                        .addPath(tooLong)
                        .setReplace(ReplaceValue.newBuilder().setValue(json("1")))
                        .build())),
                ErrorCode.ETOOLARGE,
                "path");
        refused(
                core.refuse(edit(DocumentEdit.newBuilder()
                        .setCopy(MoveValue.newBuilder().addFrom(tooLong))
                        .build())),
                ErrorCode.ETOOLARGE,
                "from");
        Command condition = command()
                .setTransaction(TransactionCommand.newBuilder()
                        .addConditions(Condition.newBuilder()
                                .setDocument(DocumentCondition.newBuilder()
                                        .setNamespace("default")
                                        .setId("d")
                                        .addPath(tooLong)
                                        .setExpect(Expectation.newBuilder().setRevision(1)))))
                .build();
        refused(core.refuse(condition), ErrorCode.ETOOLARGE, "path");
        assertThat(core.refuse(edit(DocumentEdit.newBuilder()
                        .setSet(SetMember.newBuilder()
                                .setName("m\0".repeat(512))
                                .setValue(json("1")))
                        .build())))
                .isEmpty();
    }

    @Test
    void numbersOfItemsAreBounded() {
        EditDocument.Builder edits = EditDocument.newBuilder();
        DocumentEdit one = DocumentEdit.newBuilder()
                .setRemove(RemoveMember.newBuilder().setName("m"))
                .build();
        for (int i = 0; i < 10_001; i++) {
            edits.addEdits(one);
        }
        Command many = command()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace("default")
                        .setId("d")
                        .setEdit(edits))
                .build();
        refused(core.refuse(many), ErrorCode.EINVAL, "the number of edits is 10001; use 10000 or less");
        refused(
                core.refuse(lock(body -> {
                    for (int i = 0; i < 64; i++) {
                        body.addNames("l" + i);
                    }
                })),
                ErrorCode.EINVAL,
                "the number of names is 65");
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int i = 0; i < 65_537; i++) {
            frame.addStopWatches(i);
        }
        refused(gate.refuse(frame.build()), ErrorCode.EINVAL, "the number of stop_watches");
    }

    @Test
    void commandsInsideOfTransactionsAreHeldAgainstTheSameRules() {
        Command inner = Command.newBuilder()
                .setCache(CacheCommand.newBuilder()
                        .setNamespace("default")
                        .setKey("k".repeat(1_025))
                        .setPut(PutValue.newBuilder().setValue(json("1"))))
                .build();
        refused(
                core.refuse(command()
                        .setTransaction(TransactionCommand.newBuilder().addThen(inner))
                        .build()),
                ErrorCode.ETOOLARGE,
                "key has 1025 bytes");
    }

    @Test
    void guardsReasonsAndNodesAreBounded() {
        refused(
                core.refuse(put("k", json("1")).toBuilder()
                        .setGuard(Guard.newBuilder().setNamespace("default").setLock("x".repeat(1_025)))
                        .build()),
                ErrorCode.ETOOLARGE,
                "lock has 1025 bytes");
        refused(
                core.refuse(put("k", json("1")).toBuilder()
                        .setGuard(Guard.newBuilder()
                                .setNamespace("default")
                                .setLock("l")
                                .setModeValue(9))
                        .build()),
                ErrorCode.EUNKNOWN,
                "mode");
        refused(
                core.refuse(lock(body -> body.setForceRelease(
                        ForceReleaseLock.newBuilder().setOperator("me").setReason("r".repeat(1_025))))),
                ErrorCode.ETOOLARGE,
                "reason");
        refused(
                gate.refuse(TransferLeadershipRequest.newBuilder()
                        .setTo("n".repeat(2_000))
                        .build()),
                ErrorCode.ETOOLARGE,
                "to has");
        refused(gate.refuse(StartWatch.newBuilder().setNamespace("a\0b").build()), ErrorCode.EINVAL, "NUL");
        refused(
                gate.refuse(StartWatch.newBuilder()
                        .setNamespace("a")
                        .setDataValue(77)
                        .build()),
                ErrorCode.EUNKNOWN,
                "data");
    }

    @Test
    void aGreetingIsBounded() {
        assertThat(gate.refuse(hello().build())).isEmpty();
        refused(
                gate.refuse(hello().setClientName("x".repeat(5_000_000)).build()),
                ErrorCode.ETOOLARGE,
                "client_name has 5000000 bytes");
        refused(gate.refuse(hello().setResumeToken(ByteString.EMPTY).build()), ErrorCode.EINVAL, "resume_token");
        refused(gate.refuse(hello().setAuthToken("s".repeat(4_097)).build()), ErrorCode.ETOOLARGE, "auth_token");
    }

    @Test
    void whatIsReplicatedHasNoFieldsOfANewerVersionAndTheRestMay() {
        refused(
                core.refuse(edit(DocumentEdit.newBuilder()
                        .setReplace(
                                ReplaceValue.newBuilder().setValue(json("1")).setUnknownFields(NEWER))
                        .build())),
                ErrorCode.EUNKNOWN,
                "ReplaceValue");
        refused(
                core.refuse(Query.newBuilder()
                        .setCache(CacheQuery.newBuilder()
                                .setNamespace("default")
                                .setKey("k")
                                .setGet(GetValue.newBuilder().setUnknownFields(NEWER)))
                        .build()),
                ErrorCode.EUNKNOWN,
                "GetValue");
        Message newer = hello().setUnknownFields(NEWER).build();
        assertThat(gate.refuse(newer)).isEmpty();
    }

    @Test
    void anOpeningWithALongNameIsRefusedByAdmissionAndByApply() {
        OpenSession open = OpenSession.newBuilder()
                .setResumeToken(ByteString.copyFrom(new byte[16]))
                .setLeaseMillis(5_000)
                .setClientName("x".repeat(5_000))
                .build();
        Command opening = Command.newBuilder()
                .setSession(SessionCommand.newBuilder().setOpen(open))
                .build();
        refused(core.refuse(opening), ErrorCode.ETOOLARGE, "client_name");
        Applied applied = core.apply(
                1,
                io.coordinator.protocol.Entry.newBuilder().addCommands(opening).build());
        assertThat(applied.replies().get(0).getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
        assertThat(core.sessions()).isEmpty();
    }

    private static Hello.Builder hello() {
        return Hello.newBuilder()
                .setVersionMin(1)
                .setVersionMax(1)
                .setResumeToken(ByteString.copyFrom(new byte[16]))
                .setClientName("c");
    }
}
