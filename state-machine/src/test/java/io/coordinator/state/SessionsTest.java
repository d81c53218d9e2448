package io.coordinator.state;

import static io.coordinator.protocol.CacheReply.OutcomeCase.WRITTEN;
import static io.coordinator.protocol.LockReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.SessionReply.OutcomeCase.ACKNOWLEDGED;
import static io.coordinator.protocol.SessionReply.OutcomeCase.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AdvanceVersion;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.ListSessions;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionInfo;
import io.coordinator.protocol.SessionList;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.session.Session;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SessionsTest extends Script {

    @Test
    @Feature("G-4")
    void openingAgainWithTheSameResumeTokenAnswersTheSameSession() {
        long first = at(1_000).open("a");
        assertThat(open("a")).isEqualTo(first);
        assertThat(open("b")).isEqualTo(first + 1);
        assertThat(core().sessions()).extracting(SessionView::id).containsExactly(first, first + 1);
    }

    /** Looking through all tokens with the same hash at each would take two billion comparisons. */
    @Test
    @Tag("slow")
    @Timeout(20)
    @Feature({"G-4", "C-09"})
    void tokensChosenToHaveTheSameHashAreToldApart() {
        withoutShadow();
        long first = openWithToken(colliding(0));
        int count = 60_000;
        for (int i = 1; i < count; i++) {
            assertThat(colliding(i).hashCode()).isEqualTo(colliding(0).hashCode());
            assertThat(openWithToken(colliding(i))).isEqualTo(first + i);
        }
        assertThat(openWithToken(colliding(count / 2))).isEqualTo(first + count / 2);
        assertThat(core().sessionCount()).isEqualTo(count);
    }

    @Test
    @Feature("U-08")
    void openSessionsAreListedPageByPage() {
        List<Long> opened = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            opened.add(at(1_000 + i).open("client " + i));
        }
        SessionList first = list(0, 0);
        assertThat(first.getSessionsCount()).isEqualTo(Page.ROWS_MAX);
        assertThat(first.getMore()).isTrue();
        assertThat(first.getSessions(7))
                .isEqualTo(SessionInfo.newBuilder()
                        .setSessionId(opened.get(7))
                        .setClientName("client 7")
                        .setLeaseMillis(10_000)
                        .setOpenedAtMillis(1_007)
                        .build());
        List<Long> listed = new ArrayList<>();
        SessionList page = first;
        while (page.getMore()) {
            page.getSessionsList().forEach(session -> listed.add(session.getSessionId()));
            page = list(listed.get(listed.size() - 1), 60);
        }
        page.getSessionsList().forEach(session -> listed.add(session.getSessionId()));
        assertThat(listed).isEqualTo(opened);
        assertThat(list(opened.get(249), 1).getSessionsList()).isEmpty();
        assertThat(list(-1, 1).getSessionsList()).isEmpty();
    }

    @Test
    @Feature("U-08")
    void aSessionIsListedWithWhatItLeftUnacknowledgedUntilItEnds() {
        session("a").put("k", "1");
        session("a").put("k", "2");
        session("b").put("k", "3");
        assertThat(list(0, 0).getSessionsList())
                .extracting(SessionInfo::getUnacknowledged)
                .containsExactly(2, 1);
        expire("a");
        assertThat(list(0, 0).getSessionsList())
                .extracting(SessionInfo::getClientName)
                .containsExactly("b");
    }

    private SessionList list(long after, int limit) {
        return query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder()
                                .setList(ListSessions.newBuilder()
                                        .setAfter(after)
                                        .setLimit(limit))))
                .getSession()
                .getList();
    }

    private long openWithToken(ByteString token) {
        Command.Builder open = openCommand("a").toBuilder();
        open.getSessionBuilder().getOpenBuilder().setResumeToken(token);
        return apply(open.build()).getSession().getOpened().getSessionId();
    }

    /** 64 bytes of pairs of which each has the same part in the hash. */
    private static ByteString colliding(int number) {
        StringBuilder token = new StringBuilder();
        for (int bit = 0; bit < 32; bit++) {
            token.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return ByteString.copyFromUtf8(token.toString());
    }

    @Test
    @Feature("G-4")
    void aSessionIdIsNeverUsedTwice() {
        long first = session("a").id();
        session("a").close().gives(CLOSED);
        assertThat(open("a")).isGreaterThan(first);
    }

    @Test
    void aViewShowsWhatAServerNeedsToResume() {
        session("a").put("k", "1");
        SessionView view = core().session(session("a").id()).orElseThrow();
        assertThat(view.resumeToken())
                .isEqualTo(openCommand("a").getSession().getOpen().getResumeToken());
        assertThat(view.leaseMillis()).isEqualTo(10_000);
        assertThat(view.clientName()).isEqualTo("a");
        assertThat(view.lastSeq()).isEqualTo(1);
        assertThat(core().session(99)).isEmpty();
    }

    @Test
    @Feature({"G-5", "S-32"})
    void aRepeatedCommandGetsTheFirstReplyAndHasNoEffect() {
        Outcome first = session("a").increment("n", 5).sum("5");
        Outcome second = session("a").again().changes();
        assertThat(second.reply()).isEqualTo(first.reply());
        assertThat(session("a").get("n")).hasValue("5");
    }

    @Test
    @Feature("G-5")
    void aReplyIsForgottenOnceAcknowledged() {
        session("a").increment("n", 5);
        Command first = session("a").sent();
        session("a").acks(1).increment("n", 1).sum("6");

        session("a").again(first).refused(ErrorCode.EINVAL, "forgotten").changes();

        assertThat(session("a").get("n")).hasValue("6");
    }

    /** The second replica is restored from what was captured. */
    @Test
    @Feature({"G-5", "G-12"})
    void whatARepeatedCommandAcknowledgesIsForgottenForGood() {
        session("a").put("k", "1");
        session("a").put("k", "2");
        Command second = session("a").sent();
        session("a").again(second.toBuilder().setAckedSeq(1).build()).gives(WRITTEN);
        session("a")
                .again(second.toBuilder().setSeq(1).build())
                .refused(ErrorCode.EINVAL, "forgotten")
                .changes();
    }

    @Test
    @Feature("G-5")
    void aGapIsNeitherAppliedNorRemembered() {
        session("a").put("k", "1");
        Command gap = session("a").sent().toBuilder().setSeq(3).build();

        session("a").again(gap).refused(ErrorCode.EOUTOFORDER).changes();

        session("a").put("k", "2").gives(WRITTEN);
        session("a").again(gap).gives(WRITTEN);
    }

    @Test
    @Feature({"G-5", "G-15"})
    void aCommandUsesUpTheNumbersThatWereRefusedBeforeIt() {
        session("a").put("k", "1");
        Command put = session("a").sent();
        Command carrying = put.toBuilder().setSeq(4).setSkips(2).build();

        Reply reply = session("a").again(carrying).gives(WRITTEN).reply();

        assertThat(reply.getSkipped()).isEqualTo(2);
        assertThat(core().session(session("a").id()).orElseThrow().lastSeq()).isEqualTo(4);
        session("a")
                .again(put.toBuilder().setSeq(2).build())
                .gives(ACKNOWLEDGED)
                .changes();
        session("a")
                .again(put.toBuilder().setSeq(3).build())
                .gives(ACKNOWLEDGED)
                .changes();
        assertThat(session("a").again(carrying).gives(WRITTEN).changes().reply())
                .isEqualTo(reply);
    }

    @Test
    @Feature("G-5")
    void numbersThatWereAppliedAreNotTakenAsRefused() {
        session("a").put("k", "1");
        session("a").put("k", "2");
        Command second = session("a").sent();

        Reply reply = session("a")
                .again(second.toBuilder().setSeq(4).setSkips(2).build())
                .gives(WRITTEN)
                .reply();

        assertThat(reply.getSkipped()).as("only 3").isEqualTo(1);
        session("a").again(second).gives(WRITTEN).changes();
        Command gap = second.toBuilder().setSeq(7).setSkips(1).build();
        session("a").again(gap).refused(ErrorCode.EOUTOFORDER).changes();
        Command endless = second.toBuilder().setSeq(Long.MAX_VALUE).setSkips(-1).build();
        session("a").again(endless).refused(ErrorCode.EOUTOFORDER).changes();
    }

    @Test
    @Feature("C-06")
    void eventsCanBeReadInParts() {
        for (String lock : List.of("x", "y", "z")) {
            long token = session("a").acquire(lock).token();
            session("b").acquire(lock, 0, -1);
            session("a").release(lock, token);
        }
        long b = session("b").id();
        int size = core().pendingEvents(b).get(0).getSerializedSize();

        assertThat(core().pendingEvents(b, 0, 1)).extracting(Event::getNumber).containsExactly(1L);
        assertThat(core().pendingEvents(b, 1, size + 1))
                .extracting(Event::getNumber)
                .containsExactly(2L, 3L);
        assertThat(core().pendingEvents(b, 3, 1)).isEmpty();
        assertThat(core().pendingEvents(99, 0, 1)).isEmpty();
    }

    @Test
    @Feature("G-4")
    void anEndedSessionIsRefused() {
        session("a").put("k", "1");
        session("a").close().gives(CLOSED);
        assertThat(last().endedSessions()).containsExactly(session("a").id());
        session("a").again().refused(ErrorCode.ESESSION);
        session("a").put("k", "2").refused(ErrorCode.ESESSION);
        assertThat(session("b").get("k")).hasValue("1");
    }

    @Test
    @Feature("G-4")
    void expiryOfAnUnknownSessionIsANoOp() {
        Reply reply = apply(own(
                SessionCommand.newBuilder().setExpire(ExpireSession.newBuilder().setSessionId(77))));
        assertThat(reply.getSession().getClosed().getExisted()).isFalse();
        assertThat(last().endedSessions()).isEmpty();
    }

    @Test
    @Feature("G-6")
    void eventsStayUntilAcknowledged() {
        long token = session("a").acquire("x").token();
        session("b").acquire("x", 0, -1);
        session("a").release("x", token);
        long b = session("b").id();
        assertThat(core().pendingEvents(b)).extracting(Event::getNumber).containsExactly(1L);

        session("b").acknowledge().gives(ACKNOWLEDGED);
        assertThat(core().pendingEvents(b)).hasSize(1);
        session("b").acksEvents(1).acknowledge();

        assertThat(core().pendingEvents(b)).isEmpty();
        assertThat(core().pendingEvents(99)).isEmpty();
    }

    @Test
    void eventsAreNumberedWithinTheirSession() {
        long x = session("a").acquire("x").token();
        long y = session("a").acquire("y").token();
        session("b").acquire("x", 0, -1);
        session("b").acquire("y", 0, -1);
        session("a").release("x", x);
        session("b").acksEvents(1).acknowledge();
        session("a").release("y", y);

        assertThat(session("b").hears(LockEvent.OutcomeCase.GRANTED, LockEvent.OutcomeCase.GRANTED))
                .extracting(Event::getNumber)
                .containsExactly(1L, 2L);
        assertThat(core().pendingEvents(session("b").id()))
                .extracting(Event::getNumber)
                .containsExactly(2L);
    }

    @Test
    @Feature("G-5")
    void acknowledgingTheFutureForgetsOnlyThePast() {
        session("a").acks(1_000).acksEvents(1_000).put("k", "1");
        session("a").acks(0).acksEvents(0).put("k", "2").gives(WRITTEN);
        session("a").again().gives(WRITTEN);
    }

    @Test
    @Tag("slow")
    @Feature("G-15")
    void aSessionThatNeverAcknowledgesIsHeldBackUntilItDoes() {
        withoutShadow();
        Actor a = session("a");
        for (int i = 0; i < Session.UNACKNOWLEDGED_MAX; i++) {
            a.force(a.putCommand("k", "1")).gives(WRITTEN);
        }
        a.force(a.putCommand("k", "2"))
                .refused(ErrorCode.EOUTOFORDER, "acknowledge")
                .changes();
        assertThat(a.get("k")).hasValue("1");

        a.again(a.sent().toBuilder().setAckedSeq(1).build()).gives(WRITTEN);

        assertThat(a.get("k")).hasValue("2");
    }

    @Test
    @Tag("slow")
    @Feature("G-15")
    void hugeUnacknowledgedRepliesHoldASessionBackToo() {
        withoutShadow();
        Actor a = session("a");
        String huge = "\"" + "x".repeat((1 << 20) - 2) + "\"";
        a.put("k", huge);
        ErrorCode code = ErrorCode.ERROR_CODE_UNSPECIFIED;
        for (int i = 0; i < 100 && code == ErrorCode.ERROR_CODE_UNSPECIFIED; i++) {
            code = a.force(a.expectCommand("k", "1")).reply().getError().getCode();
        }
        assertThat(code).isEqualTo(ErrorCode.EOUTOFORDER);
        assertThat(core().stateBytes()).isLessThan(20L << 20);
    }

    @Test
    void clientsCannotDoTheClustersOwnBusiness() {
        Actor a = session("a");
        Command expire = own(SessionCommand.newBuilder()
                .setExpire(ExpireSession.newBuilder().setSessionId(session("b").id())));
        a.send(expire.toBuilder()).refused(ErrorCode.EINVAL);
        a.force(expire.toBuilder()).refused(ErrorCode.EINVAL);
        a.force(openCommand("c").toBuilder()).refused(ErrorCode.EINVAL);
        assertThat(core().sessions()).hasSize(2);
    }

    @Test
    void dataBelongsToASession() {
        Command orphan = session("a").putCommand("k", "1").build();
        assertThat(refuse(orphan))
                .hasValueSatisfying(e -> assertThat(e.getCode()).isEqualTo(ErrorCode.EINVAL));
        assertThat(apply(orphan).getError().getCode()).isEqualTo(ErrorCode.ESESSION);
    }

    /** It would be an unknown operation to whoever expects a type of data, and that ends a node. */
    @Test
    void aTransactionBelongsToASession() {
        Command orphan = Command.newBuilder()
                .setTransaction(TransactionCommand.newBuilder()
                        .addThen(session("a")
                                .putCommand("k", "1")
                                .clearSessionId()
                                .clearSeq()))
                .build();
        assertThat(refuse(orphan))
                .hasValueSatisfying(e -> assertThat(e.getCode()).isEqualTo(ErrorCode.EINVAL));
        assertThat(apply(orphan).getError().getCode()).isEqualTo(ErrorCode.ESESSION);
        assertThat(core().revision()).isZero();
    }

    @Test
    void anOpenWithAGuessableTokenIsRefused() {
        Command open = own(SessionCommand.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setResumeToken(Actor.json("short"))
                        .setLeaseMillis(10_000)));
        assertThat(refuse(open)).isPresent();
        assertThat(apply(open).getError().getCode()).isEqualTo(ErrorCode.EINVAL);
    }

    @Test
    @Feature("G-4")
    void aLeaseIsWithinTheLimits() {
        assertThat(refuse(openWithLease(1_999))).isPresent();
        assertThat(refuse(openWithLease(2_000))).isEmpty();
        assertThat(refuse(openWithLease(300_000))).isEmpty();
        assertThat(refuse(openWithLease(300_001))).isPresent();
    }

    private static Command openWithLease(long millis) {
        Command.Builder open = openCommand("a").toBuilder();
        open.getSessionBuilder().getOpenBuilder().setLeaseMillis(millis);
        return open.build();
    }

    @Test
    void theVersionAdvancesAsFarAsThisCodeKnows() {
        assertThat(core().activeVersion()).isEqualTo(1);
        assertThat(apply(advance(1)).getSession().getAdvanced().getVersion()).isEqualTo(1);
        assertThat(apply(advance(0)).getSession().getAdvanced().getVersion())
                .as("never back")
                .isEqualTo(1);
        assertThat(apply(advance(Coordinator.VERSION))
                        .getSession()
                        .getAdvanced()
                        .getVersion())
                .isEqualTo(Coordinator.VERSION);
        assertThat(apply(advance(1)).getSession().getAdvanced().getVersion())
                .as("never back")
                .isEqualTo(Coordinator.VERSION);
        int unknown = Coordinator.VERSION + 1;
        assertThat(refuse(advance(unknown))).isPresent();
        Entry tooNew = Entry.newBuilder().addCommands(advance(unknown)).build();
        assertThatThrownBy(() -> core().apply(index() + 1, tooNew))
                .isInstanceOf(UnknownCommandException.class)
                .hasMessageContaining("core version " + unknown)
                .hasMessageContaining("upgrade this node");
    }

    private static Command advance(int version) {
        return own(SessionCommand.newBuilder()
                .setAdvanceVersion(AdvanceVersion.newBuilder().setVersion(version)));
    }

    @Test
    @Feature("S-34")
    void oneEntryEndsManySessionsInOrder() {
        long token = session("a").acquire("x").gives(GRANTED).token();
        session("b").acquire("x", 0, -1);
        session("c").acquire("x", 0, -1);
        Entry.Builder entry = Entry.newBuilder();
        for (String name : new String[] {"a", "b"}) {
            entry.addCommands(own(SessionCommand.newBuilder()
                    .setExpire(ExpireSession.newBuilder()
                            .setSessionId(session(name).id()))));
        }

        apply(entry);

        assertThat(last().endedSessions())
                .containsExactly(session("a").id(), session("b").id());
        assertThat(session("c").hearsGrant()).isGreaterThan(token + 1);
    }
}
