package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.FenceMode;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.MessagePage;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReadMessages;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.protocol.VerifyLock;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** A copy of a state that goes on as another cluster's: nothing that was seen after it was taken comes again. */
@Feature({"S-36", "B-16", "B-34"})
class NewBeginningTest extends TopicScript {
    private static final String CLUSTER = "0c1a2b3d-0000-4000-8000-000000000001";
    private static final long SHIFT = NewBeginning.LEFT_OUT;

    /** What is stored now, made another cluster's, and loaded as a node loads it. */
    private Coordinator restored() {
        Store store = new Store();
        Coordinator copy = store.save(core()).load();
        MemberRow member = MemberRow.newBuilder()
                .setNode("r1")
                .setIncarnation(1)
                .setVoter(true)
                .build();
        new NewBeginning("restore", "ann", "a test", CLUSTER, "old group", member, 1).makeOf(copy);
        return store.save(copy).load();
    }

    @Test
    @Feature({"G-8", "PM-FENCE-8"})
    void everyNumberIsPastWhateverTheOldClusterGaveOut() {
        session("a").put("k", "1");
        session("a").acquire("held");
        session("b").acquire("held", 0, 60_000);
        Coordinator restored = restored();
        for (int i = 0; i < 20; i++) {
            session("a").put("k", "2");
            session("c").release("l", session("c").acquire("l").token());
        }
        State old = core().state();
        State now = restored.state();
        assertThat(now.counters.revision()).isGreaterThan(old.counters.revision());
        assertThat(now.counters.token()).isGreaterThan(old.counters.token());
        assertThat(now.counters.ticket()).isGreaterThan(old.counters.ticket());
        assertThat(now.counters.sessionId()).isGreaterThan(old.counters.sessionId());
        assertThat(restored.sessionCount()).isZero();
        assertThat(restored.hasWorkLeft()).isFalse();
        assertThat(restored.cluster().id()).isEqualTo(CLUSTER);
        assertThat(restored.cluster().formerGroups()).containsExactly("old group");
        assertThat(restored.cluster().members()).extracting(MemberRow::getNode).containsExactly("r1");
    }

    @Test
    @Feature({"PM-FENCE-8", "A-01"})
    void noTokenOfBeforePassesNotEvenTheLastOneOfALock() {
        long ended = session("a").acquire("x").token();
        session("a").release("x", ended);
        long live = session("a").acquire("y").token();
        assertThat(passes(core(), "x", ended)).isTrue();
        assertThat(passes(core(), "y", live)).isTrue();
        Coordinator restored = restored();
        assertThat(passes(restored, "x", ended)).isFalse();
        assertThat(passes(restored, "y", live)).isFalse();
    }

    private static boolean passes(Coordinator core, String lock, long token) {
        return core.query(Query.newBuilder()
                        .setLock(LockQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setName(lock)
                                .setVerify(
                                        VerifyLock.newBuilder().setToken(token).setMode(FenceMode.MONOTONIC)))
                        .build())
                .getLock()
                .getVerification()
                .getLive();
    }

    @Test
    @Feature("B-25")
    void readersGoOnWhereTheyWereOrAreToldWhatTheyMiss() {
        publish("a", "t", "1", "2", "3");
        Coordinator restored = restored();
        publish("a", "t", "lost 4", "lost 5");

        MessagePage inside = read(restored, 3);
        assertThat(inside.getMissingFrom()).isZero();
        assertThat(inside.getMessagesList())
                .extracting(StoredMessage::getOffset, TopicScript::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(SHIFT + 3, "3"));
        MessagePage atEnd = read(restored, 4);
        assertThat(atEnd.getMissingFrom()).isZero();
        assertThat(atEnd.getMessagesList()).isEmpty();
        assertThat(atEnd.getNextOffset()).isEqualTo(SHIFT + 4);
        MessagePage beyond = read(restored, 6);
        assertThat(beyond.getMissingFrom()).isEqualTo(6);
        assertThat(beyond.getMessagesList()).as("those that it has seen").isEmpty();
        assertThat(beyond.getNextOffset()).isEqualTo(SHIFT + 4);
        assertThat(read(restored, 0).getMessagesList()).hasSize(3);
    }

    private static MessagePage read(Coordinator core, long offset) {
        return core.query(Query.newBuilder()
                        .setTopic(TopicQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setTopic("t")
                                .setRead(ReadMessages.newBuilder()
                                        .setStart(StartPosition.newBuilder().setOffset(offset))))
                        .build())
                .getTopic()
                .getPage();
    }

    @Test
    @Feature("B-25")
    void groupsKeepTheirPlaceAndWhatTheirMembersHadIsDeliveredAgain() {
        group("a", "t", "g", GroupSettings.newBuilder());
        join("w", "t", "g", 1);
        publish("a", "t", "1", "2", "3");
        assertThat(acknowledge("w", "t", "g", delivered("w", "1").get(0))).isTrue();
        long lag = summary("t", "g").getLag();
        Coordinator restored = restored();
        var summary = restored.query(Query.newBuilder()
                        .setTopic(TopicQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setTopic("t")
                                .setInspectGroup(io.coordinator.protocol.InspectGroup.newBuilder()
                                        .setGroup("g")))
                        .build())
                .getTopic()
                .getGroup()
                .getSummary();
        assertThat(lag).isEqualTo(2);
        assertThat(summary.getLag()).isEqualTo(2);
        assertThat(summary.getLeased()).isZero();
        assertThat(summary.getOldestOffset()).isEqualTo(SHIFT + 2);
    }
}
