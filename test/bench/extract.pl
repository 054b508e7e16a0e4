#!/usr/bin/perl
# The same extraction with XML::Twig, as a Perl program would do it: one pass for the glossary, one for the hosts.
# Usage: extract.pl report.xml > commands.csv
use strict;
use warnings;
use XML::Twig;

my ($report) = @ARGV;
my %tail;

sub plain {
    my ($text) = @_;
    $text =~ s/<[^>]*>/ /g;
    $text =~ s/&quot;|"/'/g;
    $text =~ s/&apos;/'/g;
    $text =~ s/&lt;/</g;
    $text =~ s/&gt;/>/g;
    $text =~ s/&amp;/&/g;
    $text =~ s/[,\s]+/ /g;
    $text =~ s/[^ -~]//g;
    return $text;
}

XML::Twig->new(
    twig_roots => {
        'GLOSSARY/VULN_DETAILS_LIST/VULN_DETAILS' => sub {
            my ( $twig, $entry ) = @_;
            my $threat = plain( $entry->first_child_text('THREAT') );
            $tail{ $entry->first_child_text('QID') } = sprintf '"%s","%s","cve_ids: %s","bugtraq_ids: %s"',
              plain( $entry->first_child_text('TITLE') ), substr( $threat, 0, 255 ),
              join( ' ', map { $_->text } $entry->get_xpath('CVE_ID_LIST/CVE_ID/ID') ),
              join( ' ', map { $_->text } $entry->get_xpath('BUGTRAQ_ID_LIST/BUGTRAQ_ID/ID') );
            $twig->purge;
        },
    },
)->parsefile($report);

print "SetSource,QualysGuard Scan Report\n";
XML::Twig->new(
    twig_roots => {
        'HOST_LIST/HOST' => sub {
            my ( $twig, $host ) = @_;
            my $ip    = $host->first_child_text('IP');
            my $found = 0;
            for my $finding ( $host->get_xpath('VULN_INFO_LIST/VULN_INFO') ) {
                next if $finding->first_child_text('TYPE') eq 'Ig';
                next if $finding->first_child_text('VULN_STATUS') eq 'Fixed';
                my $protocol = { tcp => 6, udp => 17 }->{ $finding->first_child_text('PROTOCOL') } // '';
                my $qid      = $finding->first_child_text('QID');
                my $port     = $finding->first_child_text('PORT');
                print qq{AddScanResult,$ip,"QualysGuard",$qid,$port,$protocol,$tail{$qid}\n};
                $found = 1;
            }
            print "ScanFlush\n" if $found;
            $twig->purge;
        },
    },
)->parsefile($report);
