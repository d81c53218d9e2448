package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.ClusterQuery;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DropMember;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FoundCluster;
import io.coordinator.protocol.ListActs;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.PutMember;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RecordAct;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cluster's id, its members, and the trail of what was done to it. */
@Feature("B-12")
class ClusterFactsTest extends Script {
    private static Command own(ClusterCommand.Builder cluster) {
        return Command.newBuilder().setCluster(cluster).build();
    }

    private Reply found(String id, String... nodes) {
        FoundCluster.Builder found = FoundCluster.newBuilder().setClusterId(id);
        for (String node : nodes) {
            found.addMembers(member(node));
        }
        return apply(own(ClusterCommand.newBuilder().setFound(found)));
    }

    private static MemberRow.Builder member(String node) {
        return MemberRow.newBuilder().setNode(node).setIncarnation(1).setVoter(true);
    }

    private Reply put(String actor, PutMember.Builder put) {
        return apply(own(ClusterCommand.newBuilder().setActor(actor).setPutMember(put)));
    }

    private List<ClusterAct> acts(long before, int limit) {
        Answer answer = core().query(Query.newBuilder()
                .setCluster(ClusterQuery.newBuilder()
                        .setActs(ListActs.newBuilder().setBefore(before).setLimit(limit)))
                .build());
        return answer.getCluster().getActs().getActsList();
    }

    @Test
    void aClusterIsFoundedOnce() {
        assertThat(core().cluster().isFounded()).isFalse();
        found("one", "n1", "n2");
        assertThat(core().cluster().id()).isEqualTo("one");
        assertThat(core().cluster().voters()).extracting(MemberRow::getNode).containsExactly("n1", "n2");
        assertThat(found("two", "n3").getError().getCode()).isEqualTo(ErrorCode.ECONFLICT);
        assertThat(core().cluster().id()).isEqualTo("one");
        assertThat(core().cluster().find("n3")).isEmpty();
    }

    @Test
    void membersComeChangeAndGo() {
        found("one", "n1", "n2", "n3");
        put(
                "anna",
                PutMember.newBuilder().setMember(member("n4").setVoter(false)).setAction("add"));
        assertThat(core().cluster().voters()).hasSize(3);
        put(
                "anna",
                PutMember.newBuilder().setMember(member("n4")).setReplaces("n2").setAction("replace"));
        assertThat(core().cluster().voters()).extracting(MemberRow::getNode).containsExactly("n1", "n3", "n4");
        apply(own(ClusterCommand.newBuilder()
                .setActor("bob")
                .setReason("host is gone")
                .setDropMember(DropMember.newBuilder().setNode("n1"))));
        assertThat(core().cluster().members()).extracting(MemberRow::getNode).containsExactly("n3", "n4");
        assertThat(acts(0, 0))
                .extracting(act -> act.getActor() + " " + act.getAction() + " " + act.getSubject())
                .containsExactly("bob remove n1", "anna replace n4 for n2", "anna add n4", " found one");
        assertThat(acts(0, 0).get(0).getReason()).isEqualTo("host is gone");
    }

    @Test
    void whoIsNoMemberCannotLeave() {
        found("one", "n1");
        Reply reply = apply(own(ClusterCommand.newBuilder()
                .setDropMember(DropMember.newBuilder().setNode("n9"))));
        assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.EKEYNOTFOUND);
        assertThat(acts(0, 0)).hasSize(1);
    }

    @Test
    void anEarlierIncarnationDoesNotComeBack() {
        found("one", "n1");
        put("", PutMember.newBuilder().setMember(member("n1").setIncarnation(2)).setAction("rejoin"));
        Reply late = put("", PutMember.newBuilder().setMember(member("n1")).setAction("rejoin"));
        assertThat(late.getError().getCode()).isEqualTo(ErrorCode.ECONFLICT);
        assertThat(core().cluster().find("n1").orElseThrow().getIncarnation()).isEqualTo(2);
    }

    @Test
    void theTrailKeepsTheLatestActs() {
        for (int i = 1; i <= 1_010; i++) {
            apply(own(ClusterCommand.newBuilder()
                    .setRecordAct(RecordAct.newBuilder().setAction("a" + i))));
        }
        assertThat(acts(0, 3)).extracting(ClusterAct::getAction).containsExactly("a1010", "a1009", "a1008");
        assertThat(acts(13, 0)).extracting(ClusterAct::getAction).containsExactly("a12", "a11");
    }

    @Test
    void itIsNotForClients() {
        session("a").acquire("x");
        Command.Builder command = session("a").sent().toBuilder().setSeq(99);
        command.setCluster(ClusterCommand.newBuilder()
                .setDropMember(DropMember.newBuilder().setNode("n1")));
        advanceVersion();
        assertThat(core().refuse(command.build()).orElseThrow().getCode()).isEqualTo(ErrorCode.EINVAL);
    }

    @Test
    @Feature("B-29")
    void itWaitsForTheVersionThatKnowsIt() {
        Command command = own(
                ClusterCommand.newBuilder().setRecordAct(RecordAct.newBuilder().setAction("a")));
        assertThat(core().refuse(command).orElseThrow().getCode()).isEqualTo(ErrorCode.EUNKNOWN);
        advanceVersion();
        assertThat(core().refuse(command)).isEmpty();
    }

    private void advanceVersion() {
        SessionCommand.Builder session = SessionCommand.newBuilder();
        session.getAdvanceVersionBuilder().setVersion(2);
        apply(Command.newBuilder().setSession(session).build());
    }
}
