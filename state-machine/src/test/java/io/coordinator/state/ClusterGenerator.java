package io.coordinator.state;

import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DropMember;
import io.coordinator.protocol.FoundCluster;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.PutMember;
import io.coordinator.protocol.RecordAct;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What a leader proposes about its cluster; clients only try. */
final class ClusterGenerator implements Generator, Generator.Proposing {
    @Override
    public DataKind kind() {
        return DataKind.CLUSTER;
    }

    @Override
    public Set<String> unowned() {
        return Set.of();
    }

    @Override
    public void fill(Command.Builder command, World world) {
        command.setCluster(operation(world));
    }

    @Override
    public List<Command> own(World world) {
        return world.random().nextInt(4) > 0
                ? List.of()
                : List.of(Command.newBuilder().setCluster(operation(world)).build());
    }

    private static ClusterCommand.Builder operation(World world) {
        Random random = world.random();
        ClusterCommand.Builder cluster = ClusterCommand.newBuilder().setActor("operator");
        return switch (random.nextInt(6)) {
            case 0 ->
                cluster.setFound(FoundCluster.newBuilder()
                        .setClusterId("id-" + random.nextInt(3))
                        .addMembers(member(world)));
            case 1 -> cluster.setDropMember(DropMember.newBuilder().setNode(world.name()));
            case 2 -> cluster.setRecordAct(RecordAct.newBuilder().setAction("looked"));
            default ->
                cluster.setPutMember(PutMember.newBuilder()
                        .setMember(member(world))
                        .setAction("change")
                        .setReplaces(random.nextBoolean() ? "" : world.name()));
        };
    }

    private static MemberRow member(World world) {
        return MemberRow.newBuilder()
                .setNode(world.name())
                .setIncarnation(1 + world.random().nextInt(3))
                .setVoter(world.random().nextBoolean())
                .build();
    }
}
