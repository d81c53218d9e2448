package io.coordinator.state.cluster;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClusterAct;
import io.coordinator.protocol.ClusterAnswer;
import io.coordinator.protocol.ClusterChanged;
import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.ClusterQuery;
import io.coordinator.protocol.ClusterRecord;
import io.coordinator.protocol.ClusterReply;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.FoundCluster;
import io.coordinator.protocol.MemberList;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.PutMember;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's id, its members, and the trail of what operators did. Who votes is for Raft to say; these rows say who
 * shall, where each member is, and on which disk it lives. All its commands are the cluster's own.
 */
public final class ClusterFacts implements DataType {
    private static final int RECORD = 0;
    private static final int MEMBERS = 1;
    /** The key of the one record. */
    private static final String THE_CLUSTER = "cluster";

    private final Table<ClusterRecord> record;
    private final Table<MemberRow> members;
    private final ActRows acts;
    private final UndoLog undo;
    private @Nullable ClusterView view;

    public ClusterFacts(Storage storage) {
        record = storage.table(DataKind.CLUSTER, RECORD, ClusterRecord.parser(), never -> 0);
        members = storage.sortedTable(DataKind.CLUSTER, MEMBERS, MemberRow.parser(), never -> 0);
        acts = new ActRows(storage);
        undo = storage.undo();
    }

    /** The cluster as it is now. */
    public ClusterView view() {
        ClusterView current = view;
        if (current == null) {
            current = new ClusterView(
                    record().getClusterId(),
                    List.copyOf(rows()),
                    record().getLastIncarnation(),
                    List.copyOf(record().getFormerGroupsList()));
            view = current;
        }
        return current;
    }

    private ClusterRecord record() {
        ClusterRecord found = record.get(THE_CLUSTER);
        return found == null ? ClusterRecord.getDefaultInstance() : found;
    }

    private List<MemberRow> rows() {
        List<MemberRow> all = new ArrayList<>();
        String key = members.ceilingKey("");
        while (key != null) {
            MemberRow row = members.get(key);
            if (row != null) {
                all.add(row);
            }
            key = members.higherKey(key);
        }
        return all;
    }

    @Override
    public DataKind kind() {
        return DataKind.CLUSTER;
    }

    @Override
    public void admit(Command command, Check check) {
        if (command.getCluster().getOperationCase() == ClusterCommand.OperationCase.OPERATION_NOT_SET) {
            check.unknown("the operation on the cluster");
        }
    }

    @Override
    public void admit(Query query, Check check) {
        if (query.getCluster().getOperationCase() == ClusterQuery.OperationCase.OPERATION_NOT_SET) {
            check.unknown("the query about the cluster");
        }
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        ClusterCommand asked = command.getCluster();
        view = null;
        undo.add(() -> view = null);
        return switch (asked.getOperationCase()) {
            case FOUND -> found(at, asked, asked.getFound());
            case PUT_MEMBER -> putMember(at, asked, asked.getPutMember());
            case DROP_MEMBER -> dropMember(at, asked, asked.getDropMember().getNode());
            case RECORD_ACT -> {
                String subject = asked.getRecordAct().getSubject();
                yield noted(at, asked, asked.getRecordAct().getAction(), subject);
            }
            case OPERATION_NOT_SET -> throw new UnknownOperationException("an operation on the cluster");
        };
    }

    private Reply.Builder found(Context at, ClusterCommand asked, FoundCluster found) {
        String present = record().getClusterId();
        if (!present.isEmpty()) {
            return Refusals.reply(ErrorCode.ECONFLICT, "the cluster was founded as " + present);
        }
        record.put(
                THE_CLUSTER,
                record().toBuilder()
                        .setClusterId(found.getClusterId())
                        .setFoundedDateMillis(at.dateMillis())
                        .build());
        for (MemberRow member : found.getMembersList()) {
            put(since(at, member));
        }
        return noted(at, asked, "found", found.getClusterId());
    }

    /**
     * Makes this the state of another cluster, which has one member and goes on with the trail.
     *
     * @param asked who wants it, and why
     * @param action how the trail calls it
     * @param formerGroup the Raft group of the cluster whose state it was
     */
    public void foundAnew(
            Context at, ClusterCommand asked, String action, String clusterId, String formerGroup, MemberRow member) {
        view = null;
        String before = record().getClusterId();
        record.put(
                THE_CLUSTER,
                record().toBuilder()
                        .setClusterId(clusterId)
                        .setFoundedDateMillis(at.dateMillis())
                        .addFormerGroups(formerGroup)
                        .build());
        rows().forEach(row -> members.remove(row.getNode()));
        members.put(member.getNode(), since(at, member));
        noted(at, asked, action, before.isEmpty() ? clusterId : before + " -> " + clusterId);
    }

    private void put(MemberRow member) {
        members.put(member.getNode(), member);
        ClusterRecord now = record();
        if (Integer.compareUnsigned(member.getIncarnation(), now.getLastIncarnation()) > 0) {
            record.put(
                    THE_CLUSTER,
                    now.toBuilder().setLastIncarnation(member.getIncarnation()).build());
        }
    }

    private static MemberRow since(Context at, MemberRow member) {
        return member.toBuilder().setSinceDateMillis(at.dateMillis()).build();
    }

    private Reply.Builder putMember(Context at, ClusterCommand asked, PutMember set) {
        MemberRow wanted = set.getMember();
        MemberRow before = members.get(wanted.getNode());
        if (before != null && Integer.compareUnsigned(wanted.getIncarnation(), before.getIncarnation()) < 0) {
            return Refusals.reply(
                    ErrorCode.ECONFLICT,
                    wanted.getNode() + " is at its incarnation " + before.getIncarnation() + " by now; look again");
        }
        put(
                before == null
                        ? since(at, wanted)
                        : wanted.toBuilder()
                                .setSinceDateMillis(before.getSinceDateMillis())
                                .build());
        if (!set.getReplaces().isEmpty() && !set.getReplaces().equals(wanted.getNode())) {
            members.remove(set.getReplaces());
        }
        String subject =
                set.getReplaces().isEmpty() ? wanted.getNode() : wanted.getNode() + " for " + set.getReplaces();
        return noted(at, asked, set.getAction(), subject);
    }

    private Reply.Builder dropMember(Context at, ClusterCommand asked, String node) {
        return members.remove(node) == null
                ? Refusals.reply(ErrorCode.EKEYNOTFOUND, "there is no member '" + node + "'")
                : noted(at, asked, "remove", node);
    }

    private Reply.Builder noted(Context at, ClusterCommand asked, String action, String subject) {
        ClusterRecord now = record();
        long number = now.getActs() + 1;
        record.put(THE_CLUSTER, now.toBuilder().setActs(number).build());
        acts.add(ClusterAct.newBuilder()
                .setNumber(number)
                .setIndex(at.index())
                .setDateMillis(at.dateMillis())
                .setActor(asked.getActor())
                .setAction(action)
                .setSubject(subject)
                .setReason(asked.getReason())
                .build());
        return Reply.newBuilder()
                .setCluster(ClusterReply.newBuilder()
                        .setChanged(ClusterChanged.newBuilder().setAct(number)));
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        ClusterQuery asked = query.getCluster();
        return switch (asked.getOperationCase()) {
            case MEMBERS ->
                answer(ClusterAnswer.newBuilder()
                        .setMembers(MemberList.newBuilder()
                                .setClusterId(view().id())
                                .addAllMembers(view().members())));
            case ACTS -> answer(ClusterAnswer.newBuilder().setActs(acts.list(record().getActs(), asked.getActs())));
            case OPERATION_NOT_SET ->
                Refusals.answer(
                        ErrorCode.EUNKNOWN,
                        "the query about the cluster is unknown to this version; upgrade this node");
        };
    }

    private static Answer.Builder answer(ClusterAnswer.Builder answer) {
        return Answer.newBuilder().setCluster(answer);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        throw new IllegalStateException("nothing of the cluster has a deadline");
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return true;
    }

    /** All of it: what an operator does must not wait for room. */
    @Override
    public boolean isFreeing(Command command) {
        return true;
    }

    @Override
    public boolean isOwn(Command command) {
        return true;
    }

    @Override
    public void rebuild() {
        view = null;
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        // Members are told one by one.
    }
}
